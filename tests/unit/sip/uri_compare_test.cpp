// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/sip/uri.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

namespace {

bool same(std::string_view a, std::string_view b) {
  const auto left = Uri::parse(a);
  const auto right = Uri::parse(b);
  REQUIRE_MESSAGE(left.ok(), std::string(a));
  REQUIRE_MESSAGE(right.ok(), std::string(b));
  const bool forward = equivalent(*left, *right);
  CHECK(forward == equivalent(*right, *left));
  return forward;
}

struct Pair {
  std::string_view a, b;
};

}  // namespace

TEST_CASE("uri comparison: the equivalent examples are equivalent [RFC 3261 §19.1.4]") {
  const Pair table[] = {
      {"sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"},
      {"sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"},
      {"sip:carol@chicago.com", "sip:carol@chicago.com;security=on"},
      {"sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"},
      {"sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
       "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"},
      {"sip:alice@atlanta.com?subject=project%20x&priority=urgent",
       "sip:alice@atlanta.com?priority=urgent&subject=project%20x"},
  };
  for (const auto& row : table) {
    CAPTURE(row.a);
    CAPTURE(row.b);
    CHECK(same(row.a, row.b));
  }
}

TEST_CASE("uri comparison: the different examples are different [RFC 3261 §19.1.4]") {
  const Pair table[] = {
      {"SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"},
      {"sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"},
      {"sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"},
      {"sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"},
      {"sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"},
      {"sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"},
      {"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"},
  };
  for (const auto& row : table) {
    CAPTURE(row.a);
    CAPTURE(row.b);
    CHECK_FALSE(same(row.a, row.b));
  }
}

TEST_CASE("uri comparison: each rule by itself [RFC 3261 §19.1.4]") {
  CHECK_FALSE(same("sip:a@b.com", "sips:a@b.com"));
  CHECK_FALSE(same("sip:b.com", "sip:a@b.com"));
  CHECK_FALSE(same("sip:a@b.com", "sip:a:pw@b.com"));
  CHECK_FALSE(same("sip:a@b.com", "sip:a:@b.com"));
  CHECK_FALSE(same("sip:a:PW@b.com", "sip:a:pw@b.com"));
  CHECK_FALSE(same("sip:a@b.com;user=phone", "sip:a@b.com"));
  CHECK_FALSE(same("sip:a@b.com;ttl=1", "sip:a@b.com"));
  CHECK_FALSE(same("sip:a@b.com;method=INVITE", "sip:a@b.com"));
  CHECK_FALSE(same("sip:a@b.com;maddr=192.0.2.1", "sip:a@b.com"));
  CHECK_FALSE(same("sip:a@b.com;method=INVITE", "sip:a@b.com;method=invite"));
  CHECK(same("sip:a@b.com;lr", "sip:a@b.com"));
  CHECK_FALSE(same("sip:a@b.com;lr=on", "sip:a@b.com;lr"));
  CHECK(same("sip:a@b.com;p=ABC", "sip:a@b.com;P=abc"));
  CHECK(same("sip:a@[2001:DB8:0:0::1]", "sip:a@[2001:db8::1]"));
  CHECK_FALSE(same("sip:a@b.com?x=1&x=1&y=2", "sip:a@b.com?x=1&y=2&y=2"));
  CHECK(same("sip:a@b.com?X=1&Y=2", "sip:a@b.com?y=2&x=1"));
}

TEST_CASE(
    "uri comparison: an escaped reserved character is not the character [RFC 3261 §19.1.4, RFC 3986 §2.2]") {
  CHECK(same("sip:%2da@b.com", "sip:-a@b.com"));
  CHECK(same("sip:a%2Fb@c.com", "sip:a%2fb@c.com"));
  CHECK_FALSE(same("sip:a%2Fb@c.com", "sip:a/b@c.com"));
  CHECK_FALSE(same("sip:a%3Bb@c.com", "sip:a;b@c.com"));
  CHECK_FALSE(same("sip:a%3Apw@c.com", "sip:a:pw@c.com"));
  CHECK_FALSE(same("sip:%00@c.com", "sip:%00%00@c.com"));
  CHECK(same("sip:caller@h.net;%6C%72;n%61me=v%61lue%25%34%31", "sip:cal%6Cer@h.net;lr;name=value%2541"));
  CHECK_FALSE(same("sip:a@h.net;name=value%2541", "sip:a@h.net;name=valueA"));
}

TEST_CASE("uri comparison: tel: goes by digits, and all parameters [RFC 3966 §4]") {
  CHECK(same("tel:+1-201-555-0123", "TEL:+1(201)555.0123"));
  CHECK_FALSE(same("tel:+12015550123", "tel:12015550123;phone-context=example.com"));
  CHECK_FALSE(same("tel:+12015550123", "tel:+12015550124"));
  CHECK_FALSE(same("tel:+12015550123;x=1", "tel:+12015550123"));
  CHECK(same("tel:+1;a=1;b=2", "tel:+1;B=2;A=1"));
  CHECK(same("tel:7042;phone-context=Example.COM", "tel:70-42;phone-context=example.com"));
  CHECK(same("tel:7042;phone-context=+1-914", "tel:7042;phone-context=+1914"));
  CHECK(same("tel:+1;ext=1-2", "tel:+1;ext=12"));
  CHECK_FALSE(same("tel:7042;phone-context=a.com", "tel:7042;phone-context=b.com"));
}

TEST_CASE("uri comparison: im: and pres: by user and host, others by their text") {
  CHECK(same("pres:bob@EXAMPLE.com", "PRES:bob@example.com"));
  CHECK_FALSE(same("pres:bob@example.com", "im:bob@example.com"));
  CHECK_FALSE(same("pres:Bob@example.com", "pres:bob@example.com"));
  CHECK(same("isbn:1", "isbn:1"));
  CHECK_FALSE(same("isbn:1", "isbn:2"));
}

}  // namespace rollcall::sip
