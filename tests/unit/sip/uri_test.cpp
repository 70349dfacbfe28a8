// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/sip/uri.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

namespace {

Uri uri(std::string_view text) {
  const auto parsed = Uri::parse(text);
  REQUIRE_MESSAGE(parsed.ok(), std::string(text));
  return *parsed;
}

struct Parts {
  std::string_view text;
  Scheme scheme;
  std::string_view user, password, host;
  std::uint16_t port;
  std::string_view params, headers;
};

}  // namespace

TEST_CASE("uri: the examples fall into their parts [RFC 3261 §19.1.3]") {
  const Parts table[] = {
      {"sip:alice@atlanta.com", Scheme::sip, "alice", "", "atlanta.com", 0, "", ""},
      {"sip:alice:secretword@atlanta.com;transport=tcp", Scheme::sip, "alice", "secretword", "atlanta.com", 0,
       "transport=tcp", ""},
      {"sips:alice@atlanta.com?subject=project%20x&priority=urgent", Scheme::sips, "alice", "", "atlanta.com",
       0, "", "subject=project%20x&priority=urgent"},
      {"sip:+1-212-555-1212:1234@gateway.com;user=phone", Scheme::sip, "+1-212-555-1212", "1234",
       "gateway.com", 0, "user=phone", ""},
      {"sips:1212@gateway.com", Scheme::sips, "1212", "", "gateway.com", 0, "", ""},
      {"sip:alice@192.0.2.4", Scheme::sip, "alice", "", "192.0.2.4", 0, "", ""},
      {"sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com", Scheme::sip, "", "", "atlanta.com", 0,
       "method=REGISTER", "to=alice%40atlanta.com"},
      {"sip:alice;day=tuesday@atlanta.com", Scheme::sip, "alice;day=tuesday", "", "atlanta.com", 0, "", ""},
  };
  for (const auto& row : table) {
    CAPTURE(row.text);
    const auto parsed = uri(row.text);
    CHECK(parsed.text == row.text);
    CHECK(parsed.scheme == row.scheme);
    CHECK(parsed.user == row.user);
    CHECK(parsed.has_user == !row.user.empty());
    CHECK(parsed.password == row.password);
    CHECK(parsed.host == row.host);
    CHECK(parsed.port == row.port);
    CHECK(parsed.params == row.params);
    CHECK(parsed.headers == row.headers);
  }
}

TEST_CASE("uri: what the grammar allows is accepted [RFC 3261 §25.1]") {
  for (const std::string_view text :
       {"SIP:a@b", "sip:a@b.", "sip:a@b-c.d", "sip:a@[::1]", "sip:a@[2001:db8::1]:5070",
        "sip:a@[::ffff:192.0.2.1]", "sip:a:@b", "sip:%00@b", "sip:a@b;lr", "sip:a@b;lr;x=%20;y=[1]",
        "sip:a@b?x=", "sip:a&=+$,;?/-_.!~*'()@b", "sip:host;maddr=239.255.255.1;ttl=15", "sip:user@3com.com",
        "sip:user@4c01db0b339c", "sips:a@b:65535", "sip:user;par=u%40example.net@example.com",
        "sip:a@b;n%61me=v%61lue%25%34%31", "sip:1.2.3.4:5060"}) {
    CAPTURE(text);
    CHECK(Uri::parse(text).ok());
  }
}

TEST_CASE("uri: what the grammar does not allow is malformed [RFC 3261 §25.1]") {
  for (const std::string_view text : {"",
                                      "sip",
                                      "sip:",
                                      "sip:@b",
                                      "sip:a@",
                                      ":a@b",
                                      "1sip:a@b",
                                      "sip:a b@c",
                                      "sip:a@b c",
                                      " sip:a@b",
                                      "sip:a@b ",
                                      "<sip:a@b>",
                                      "sip:a@b;",
                                      "sip:a@b;;lr",
                                      "sip:a@b;x=",
                                      "sip:a@b;=x",
                                      "sip:a@b?",
                                      "sip:a@b?x",
                                      "sip:a@b?=y",
                                      "sip:a@b?x=y&",
                                      "sip:a@b:",
                                      "sip:a@b:0",
                                      "sip:a@b:65536",
                                      "sip:a@b:x",
                                      "sip:a@b:123456789012345678901",
                                      "sip:a@-b",
                                      "sip:a@b-",
                                      "sip:a@b..c",
                                      "sip:a@.b",
                                      "sip:a@1.2.3",
                                      "sip:a@256.1.1.1",
                                      "sip:2001:db8::10",
                                      "sip:a@[::1",
                                      "sip:a@[zz]",
                                      "sip:a@[::1]x",
                                      "sip:a%@b",
                                      "sip:a%4@b",
                                      "sip:a%zz@b",
                                      "sip:a@b%41",
                                      "sip:a@b_c",
                                      "sip:a\"b@c",
                                      "sip:a@b@c",
                                      "sip:a#b@c",
                                      "sip:\xc3\xa4@b",
                                      "sip:a@b;x=y@z",
                                      "sip:a@b;p=\"q\"",
                                      "sip:a:b:c@d",
                                      "sip:a@b;lr;LR",
                                      "sip:a@b;transport=tcp;Transport=udp"}) {
    CAPTURE(text);
    CHECK_FALSE(Uri::parse(text).ok());
  }
  CHECK_FALSE(Uri::parse(std::string_view("sip:a\0b@c", 9)).ok());
  CHECK_FALSE(Uri::parse("sip:a@b\r\nX: y").ok());
}

TEST_CASE("uri: more parameters than anybody needs are malformed") {
  std::string text = "sip:a@b";
  for (int i = 0; i < 64; ++i)
    text += ";p" + std::to_string(i);
  CHECK(Uri::parse(text).ok());
  CHECK_FALSE(Uri::parse(text + ";more").ok());
}

TEST_CASE("uri: a parameter is found by name in any case, escaped or not [RFC 3261 §19.1.4]") {
  const auto parsed = uri("sip:a@b;Transport=tcp;lr;n%61me=x");
  CHECK(parsed.param("transport") == "tcp");
  CHECK(parsed.param("LR") == "");
  CHECK(parsed.param("name") == "x");
  CHECK_FALSE(parsed.param("maddr").has_value());
}

TEST_CASE("uri: another scheme parses as other, with only its text [RFC 3261 §19.1]") {
  for (const std::string_view text :
       {"http://www.example.com/a?b=c", "isbn:2983792873", "urn:service:sos", "mailto:a@b",
        "soap.beep://192.0.2.103:3002", "nobodyKnowsThisScheme:totallyopaquecontent"}) {
    CAPTURE(text);
    const auto parsed = uri(text);
    CHECK(parsed.scheme == Scheme::other);
    CHECK(parsed.text == text);
    CHECK(parsed.host.empty());
  }
  CHECK_FALSE(Uri::parse("isbn:").ok());
  CHECK_FALSE(Uri::parse("http://a b").ok());
  CHECK_FALSE(Uri::parse("http://a>b").ok());
}

TEST_CASE("uri: im: and pres: are a mailbox and headers [RFC 3860 §3, RFC 3859 §3]") {
  const auto im = uri("im:fred@example.com?subject=hi");
  CHECK(im.scheme == Scheme::im);
  CHECK(im.user == "fred");
  CHECK(im.host == "example.com");
  CHECK(im.headers == "subject=hi");
  CHECK(uri("PRES:fred@example.com").scheme == Scheme::pres);
  CHECK_FALSE(Uri::parse("pres:").ok());
  CHECK_FALSE(Uri::parse("pres:fred@example.com;x").ok());
}

TEST_CASE("uri: tel: is a global number, or a local one with its context [RFC 3966 §3]") {
  for (const std::string_view text :
       {"tel:+1-201-555-0123", "tel:7042;phone-context=example.com", "tel:+358-555-1234567;ext=12",
        "tel:863-1234;phone-context=+1-914-555", "TEL:*31%23;phone-context=a.b"}) {
    CAPTURE(text);
    const auto parsed = Uri::parse(text);
    CHECK(parsed.ok() == (text.find('%') == std::string_view::npos));
  }
  CHECK(uri("tel:+1-201-555-0123").user == "+1-201-555-0123");
  for (const std::string_view text :
       {"tel:", "tel:+", "tel:--", "tel:7042", "tel:+1a", "tel:+1;ext=", "tel:+1@b", "tel:hello"}) {
    CAPTURE(text);
    CHECK_FALSE(Uri::parse(text).ok());
  }
}

TEST_CASE("uri: the transport is what is written, else what the scheme says [RFC 3261 §19.1.1]") {
  CHECK(uri("sip:a@b").transport() == Transport::udp);
  CHECK(uri("sips:a@b").transport() == Transport::tls);
  CHECK(uri("sip:a@b;transport=TCP").transport() == Transport::tcp);
  CHECK(uri("sip:a@b;transport=tls").transport() == Transport::tls);
  CHECK(uri("sip:a@b;transport=ws").transport() == Transport::ws);
  CHECK(uri("sips:a@b;transport=tcp").transport() == Transport::tls);
  CHECK(uri("sips:a@b;transport=ws").transport() == Transport::wss);
  CHECK_FALSE(uri("sips:a@b;transport=udp").transport().has_value());
  CHECK_FALSE(uri("sip:a@b;transport=sctp").transport().has_value());
}

TEST_CASE(
    "uri: the port is what is written, else the default of the transport [RFC 3261 §19.1.2, RFC 7118 §5.5]") {
  CHECK(uri("sip:a@b").effective_port() == 5060);
  CHECK(uri("sip:a@b:5070").effective_port() == 5070);
  CHECK(uri("sips:a@b").effective_port() == 5061);
  CHECK(uri("sip:a@b;transport=tls").effective_port() == 5061);
  CHECK(uri("sip:a@b;transport=tcp").effective_port() == 5060);
  CHECK(uri("sip:a@b;transport=ws").effective_port() == 80);
  CHECK(uri("sips:a@b;transport=ws").effective_port() == 443);
}

TEST_CASE("uri: an IP literal is an address, and maddr counts before the host [RFC 3261 §19.1.1]") {
  CHECK(uri("sip:a@192.0.2.4").literal_address()->to_string() == "192.0.2.4:5060");
  CHECK(uri("sip:a@[2001:db8::1]:5070").literal_address()->to_string() == "[2001:db8::1]:5070");
  CHECK(uri("sip:a@b.com;maddr=192.0.2.9").literal_address()->to_string() == "192.0.2.9:5060");
  CHECK_FALSE(uri("sip:a@b.com").literal_address().has_value());
  CHECK_FALSE(uri("sip:a@192.0.2.4;maddr=b.com").literal_address().has_value());
}

TEST_CASE("uri: escapes are undone once [RFC 3261 §19.1.2, RFC 4475 §3.1.1.3]") {
  CHECK(unescape("j%40s0n") == "j@s0n");
  CHECK(unescape("v%61lue%25%34%31") == "value%41");
  CHECK(unescape("%") == "%");
  CHECK(unescape("%4") == "%4");
  CHECK(unescape("%zz") == "%zz");
  CHECK(unescape("%00") == std::string(1, '\0'));
}

}  // namespace rollcall::sip
