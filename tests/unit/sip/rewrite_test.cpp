// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <string>
#include <vector>

#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/writer.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace rollcall::sip {

using testing::options_with;
using testing::parsed;
using testing::replaced;

namespace {

const Endpoint source = *Endpoint::parse("203.0.113.9", 40112);
const Endpoint said = *Endpoint::parse("192.0.2.7", 5070);  // what options_with() has in its Via

std::string reply_to(const std::string& request, const Reply& reply, const Endpoint& from = source) {
  return write_reply(*parsed(request), reply, "b1", from);
}

std::string top_via_of(const std::string& bytes) {
  return std::string(parsed(bytes)->values(Header::via).at(0));
}

std::string invite_with(std::string_view lines) {
  auto bytes = replaced(options_with(lines), "OPTIONS sip", "INVITE sip");
  return replaced(bytes, "7 OPTIONS", "7 INVITE");
}

/// The request as it goes on, with our Via on top.
std::string forwarded(const Message& request, const Forward& forward) {
  return write_forward(request, forward).with_via("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnew;rport");
}

}  // namespace

TEST_CASE(
    "reply: it has what the request had, a To tag, and how to find back [RFC 3261 §8.2.6, RFC 3581 §4]") {
  CHECK(reply_to(options_with("Subject: not copied\r\n"), Reply(404).with(Header::allow, "OPTIONS")) ==
        "SIP/2.0 404 Not Found\r\n"
        "Via: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKabc;rport=40112;received=203.0.113.9\r\n"
        "From: <sip:alice@example.com>;tag=a1\r\n"
        "To: <sip:bob@example.com>;tag=b1\r\n"
        "Call-ID: c1@192.0.2.7\r\n"
        "CSeq: 7 OPTIONS\r\n"
        "Allow: OPTIONS\r\n"
        "Server: Rollcall\r\n"
        "Content-Length: 0\r\n\r\n");
}

TEST_CASE("reply: a reason and a body of its own") {
  Reply reply(200, "Fine");
  reply.with(Header::content_type, "text/plain").body = "hello";
  const auto message = parsed(reply_to(options_with(""), reply));
  CHECK(message->reason() == "Fine");
  CHECK(message->first(Header::content_type) == "text/plain");
  CHECK(message->body() == "hello");
}

TEST_CASE("reply: a To tag that is there stays, and 100 gets none [RFC 3261 §8.2.6.2]") {
  const auto tagged =
      replaced(options_with(""), "To: <sip:bob@example.com>", "To: <sip:bob@example.com>;tag=x9");
  CHECK(parsed(reply_to(tagged, Reply(200)))->first(Header::to) == "<sip:bob@example.com>;tag=x9");
  CHECK(parsed(reply_to(options_with(""), Reply(100)))->first(Header::to) == "<sip:bob@example.com>");
  const auto bare = replaced(options_with(""), "To: <sip:bob@example.com>", "To: sip:bob@example.com");
  CHECK(parsed(reply_to(bare, Reply(200)))->first(Header::to) == "sip:bob@example.com;tag=b1");
}

TEST_CASE("reply: received and rport are filled in where they are due [RFC 3261 §18.2.1, RFC 3581 §4]") {
  struct Row {
    std::string_view via;
    Endpoint from;
    std::string_view expected;
  };
  const auto v6 = *Endpoint::parse("2001:db8::9", 6060);
  const Row table[] = {
      // Asked for by rport: both, even if the address is the one in sent-by.
      {"SIP/2.0/UDP 192.0.2.7:5070;rport;branch=z9hG4bKa", said,
       "SIP/2.0/UDP 192.0.2.7:5070;rport=5070;branch=z9hG4bKa;received=192.0.2.7"},
      // Not asked for: received where the address is another or a name, and no rport.
      {"SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKa", said, "SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKa"},
      {"SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKa", source,
       "SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKa;received=203.0.113.9"},
      {"SIP/2.0/UDP pc.example.com;branch=z9hG4bKa", said,
       "SIP/2.0/UDP pc.example.com;branch=z9hG4bKa;received=192.0.2.7"},
      // What the sender put there himself is ours to write.
      {"SIP/2.0/UDP 192.0.2.7;rport=9;branch=z9hG4bKa", said,
       "SIP/2.0/UDP 192.0.2.7;rport=5070;branch=z9hG4bKa;received=192.0.2.7"},
      {"SIP/2.0/UDP 192.0.2.7;received=198.51.100.1;branch=z9hG4bKa", source,
       "SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKa;received=203.0.113.9"},
      {"SIP/2.0/UDP 192.0.2.7;received=198.51.100.1;branch=z9hG4bKa", said,
       "SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKa"},
      // IPv6 has no brackets in received (RFC 5118 §4.5).
      {"SIP/2.0/TCP [2001:db8::1]:5060;rport;branch=z9hG4bKa", v6,
       "SIP/2.0/TCP [2001:db8::1]:5060;rport=6060;branch=z9hG4bKa;received=2001:db8::9"},
      {"SIP/2.0/UDP [2001:DB8::9];branch=z9hG4bKa", v6, "SIP/2.0/UDP [2001:DB8::9];branch=z9hG4bKa"},
      // Other parameters stay, quoted or not.
      {"SIP / 2.0 / UDP 192.0.2.7 ; rport ; x = \"a,;b\" ; y", said,
       "SIP / 2.0 / UDP 192.0.2.7;rport=5070;x=\"a,;b\";y;received=192.0.2.7"},
  };
  for (const auto& row : table) {
    CAPTURE(row.via);
    auto request = replaced(options_with(""), "SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKabc;rport", row.via);
    CHECK(top_via_of(reply_to(request, Reply(200), row.from)) == row.expected);
  }
}

TEST_CASE("reply: only the topmost Via is touched, and all of them come back in order") {
  auto request = replaced(options_with("v: SIP/2.0/TCP c.d;rport\r\n"),
                          "SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKabc;rport",
                          "SIP/2.0/UDP 192.0.2.7:5070;rport,SIP/2.0/TLS a.b;rport");
  const auto message = parsed(reply_to(request, Reply(200)));
  const auto vias = message->values(Header::via);
  REQUIRE(vias.size() == 3);
  CHECK(vias[0] == "SIP/2.0/UDP 192.0.2.7:5070;rport=40112;received=203.0.113.9");
  CHECK(vias[1] == "SIP/2.0/TLS a.b;rport");
  CHECK(vias[2] == "SIP/2.0/TCP c.d;rport");
}

TEST_CASE(
    "reply: Record-Route comes back where a dialog may form, Timestamp with 100 [RFC 3261 §12.1.1, "
    "§8.2.6.1]") {
  const auto request =
      options_with("Record-Route: <sip:p2;lr>\r\nRecord-Route: <sip:p1;lr>\r\nTimestamp: 54\r\n");
  const auto ok = parsed(reply_to(request, Reply(200)));
  CHECK(ok->values(Header::record_route).size() == 2);
  CHECK(ok->values(Header::record_route).at(0) == "<sip:p2;lr>");
  CHECK_FALSE(ok->has(Header::timestamp));
  CHECK(parsed(reply_to(request, Reply(180)))->has(Header::record_route));
  CHECK_FALSE(parsed(reply_to(request, Reply(404)))->has(Header::record_route));
  const auto trying = parsed(reply_to(request, Reply(100)));
  CHECK_FALSE(trying->has(Header::record_route));
  CHECK(trying->first(Header::timestamp) == "54");
}

TEST_CASE("reply: REGISTER and PUBLISH get no Record-Route back [RFC 3261 §10.3, RFC 3903 §6]") {
  for (const std::string method : {"REGISTER", "PUBLISH"}) {
    const auto line = replaced(options_with("Record-Route: <sip:p1;lr>\r\n"), "OPTIONS sip", method + " sip");
    const auto request = replaced(line, "7 OPTIONS", fmt::format("7 {}", method));
    CHECK_FALSE(parsed(reply_to(request, Reply(200)))->has(Header::record_route));
  }
}

TEST_CASE("reply: a faulty request is answered with what it has, and nothing smuggled in") {
  const auto bytes = write_reply(
      *parsed("OPTIONS sip:a@b SIP/2.0\r\nVia: ;;broken\r\nTo: \"x <sip:b>\r\nCSeq: a\rEvil: 1\r\n\r\n"),
      Reply(400, "Bad\r\nEvil: 2"), "b1", source);
  CHECK(bytes ==
        "SIP/2.0 400 BadEvil: 2\r\nVia: ;;broken\r\nTo: \"x <sip:b>;tag=b1\r\nCSeq: a Evil: 1\r\nServer: "
        "Rollcall\r\n"
        "Content-Length: 0\r\n\r\n");
  const auto twice = replaced(options_with(""), "To:", "To: <sip:first@x>\r\nTo:");
  CHECK(parsed(reply_to(twice, Reply(400)))->first(Header::to) == "<sip:first@x>;tag=b1");
}

TEST_CASE("reply: an escaped NUL in a quoted string comes back as it was [RFC 4475 §3.1.1.2]") {
  const std::string to("To: \"NUL:\\\0\" <sip:bob@example.com>", 34);
  const auto bytes = reply_to(replaced(options_with(""), "To: <sip:bob@example.com>", to), Reply(501));
  CHECK(bytes.find(to + ";tag=b1\r\n") != std::string::npos);
}

TEST_CASE(
    "reply: without a transaction the same request gets the same To tag, another one another [RFC 3261 "
    "§8.2.7]") {
  const auto reply = [](std::string_view lines) {
    return write_stateless_reply(*parsed(options_with(lines)), Reply(503), source);
  };
  CHECK(reply("") == reply(""));
  CHECK(parsed(reply(""))->first(Header::to) != parsed(reply("X-A: 1\r\n"))->first(Header::to));
  CHECK(reply("").find(";tag=") != std::string::npos);
}

TEST_CASE("restored: the last Route becomes the Request-URI, the others stay [RFC 3261 §16.4]") {
  const auto restored = [](std::string_view lines) { return write_restored(*parsed(invite_with(lines))); };
  const auto one =
      parsed(restored("Route: <sip:a;lr>, <sip:b;lr>\r\nX-A: 1\r\nRoute: \"C\" <sip:c@d;x=y?subject=z>\r\n"));
  CHECK(one->method() == Method::invite);
  CHECK(one->request_uri() == "sip:c@d;x=y");
  CHECK(one->values(Header::route) == std::vector<std::string_view>{"<sip:a;lr>", "<sip:b;lr>"});
  CHECK(one->first("X-A") == "1");
  CHECK(one->first(Header::call_id) == parsed(invite_with(""))->first(Header::call_id));
  CHECK_FALSE(parsed(restored("Route: <sip:c@d>\r\n"))->has(Header::route));
  CHECK(restored("").empty());
}

TEST_CASE("forward: what changes is changed, the rest is copied in order [RFC 3261 §16.6]") {
  const auto request =
      parsed(options_with("Route: <sip:us;lr>, <sip:next;lr>\r\nRecord-Route: <sip:p0;lr>\r\nX-A: 1\r\nx-b : "
                          "2\r\nProxy-Authorization: Digest x\r\nl: 5\r\n",
                          "hello and what is dropped"));
  Forward forward;
  forward.request_uri = "sip:bob@192.0.2.99:5062;ob";
  forward.record_routes = {"<sip:192.0.2.1;lr;r=2>", "<sip:192.0.2.1;lr;r=1>"};
  forward.routes = {"<sip:next;lr>"};
  forward.max_forwards = 69;
  forward.source = source;
  CHECK(forwarded(*request, forward) ==
        "OPTIONS sip:bob@192.0.2.99:5062;ob SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnew;rport\r\n"
        "Via: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKabc;rport=40112;received=203.0.113.9\r\n"
        "Record-Route: <sip:192.0.2.1;lr;r=2>\r\n"
        "Record-Route: <sip:192.0.2.1;lr;r=1>\r\n"
        "Record-Route: <sip:p0;lr>\r\n"
        "Route: <sip:next;lr>\r\n"
        "Max-Forwards: 69\r\n"
        "From: <sip:alice@example.com>;tag=a1\r\n"
        "To: <sip:bob@example.com>\r\n"
        "Call-ID: c1@192.0.2.7\r\n"
        "CSeq: 7 OPTIONS\r\n"
        "X-A: 1\r\n"
        "x-b : 2\r\n"
        "Proxy-Authorization: Digest x\r\n"
        "Content-Length: 5\r\n\r\nhello");
}

TEST_CASE("forward: credentials for our realm do not go on, those of others do [RFC 3261 §22.3]") {
  const auto digest = [](std::string_view realm) {
    return "Digest username=\"a\", realm=\"" + std::string(realm) +
           "\", nonce=\"n\", uri=\"u\", response=\"r\"\r\n";
  };
  const auto request = parsed(options_with("Proxy-Authorization: " + digest("example.com") +
                                           "Proxy-Authorization: " + digest("other.net") +
                                           "Authorization: " + digest("device")));
  Forward forward;
  forward.request_uri = "sip:bob@192.0.2.99";
  CHECK(parsed(forwarded(*request, forward))->values(Header::proxy_authorization).size() == 2);

  forward.drop_authorization = true;
  forward.realm = "example.com";
  const auto mine = parsed(forwarded(*request, forward));
  REQUIRE(mine->values(Header::proxy_authorization).size() == 1);
  CHECK(mine->values(Header::proxy_authorization).at(0).find("other.net") != std::string_view::npos);
  CHECK(mine->has(Header::authorization));

  forward.realm = "EXAMPLE.com";  // as it may stand in From
  CHECK(parsed(forwarded(*request, forward))->values(Header::proxy_authorization).size() == 1);

  forward.realm = "";
  const auto none = parsed(forwarded(*request, forward));
  CHECK_FALSE(none->has(Header::proxy_authorization));
  CHECK_FALSE(none->has(Header::authorization));
}

TEST_CASE("backward: the topmost Via is taken off, however it is written [RFC 3261 §16.7 step 3]") {
  const auto response = [](std::string_view vias) {
    return parsed("SIP/2.0 180 Ringing\r\n" + std::string(vias) +
                  "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\n" +
                  "CSeq: 1 INVITE\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nhi");
  };
  const std::string rest =
      "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nX-A: "
      "1\r\nContent-Length: 2\r\n\r\nhi";
  const std::string start = "SIP/2.0 180 Ringing\r\n";
  CHECK(write_backward(*response("Via: SIP/2.0/UDP p\r\nv: SIP/2.0/UDP a\r\n")) ==
        start + "v: SIP/2.0/UDP a\r\n" + rest);
  CHECK(write_backward(*response("Via: SIP/2.0/UDP p, SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b\r\n")) ==
        start + "Via: SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b\r\n" + rest);
  CHECK(write_backward(*response("Via: SIP/2.0/UDP p\r\n")) == start + rest);
}

TEST_CASE("ack: it goes where the INVITE went, with the To of the answer [RFC 3261 §17.1.1.3]") {
  const auto invite = parsed(invite_with(
      "Route: <sip:p1;lr>\r\nRoute: <sip:p2;lr>\r\nContact: <sip:a@x>\r\nVia: SIP/2.0/UDP lower\r\n"));
  const auto response = parsed(write_reply(*invite, Reply(486), "b1", source));
  CHECK(write_ack(*invite, *response) ==
        "ACK sip:bob@example.com SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKabc;rport\r\n"
        "Max-Forwards: 70\r\n"
        "Route: <sip:p1;lr>\r\n"
        "Route: <sip:p2;lr>\r\n"
        "From: <sip:alice@example.com>;tag=a1\r\n"
        "To: <sip:bob@example.com>;tag=b1\r\n"
        "Call-ID: c1@192.0.2.7\r\n"
        "CSeq: 7 ACK\r\n"
        "Content-Length: 0\r\n\r\n");
}

TEST_CASE("cancel: it is the INVITE in all that names it [RFC 3261 §9.1]") {
  const auto cancel = parsed(write_cancel(*parsed(invite_with("Via: SIP/2.0/UDP lower\r\nRequire: x\r\n"))));
  CHECK(cancel->method() == Method::cancel);
  CHECK(cancel->request_uri() == "sip:bob@example.com");
  CHECK(cancel->values(Header::via).size() == 1);
  CHECK(cancel->first(Header::to) == "<sip:bob@example.com>");
  CHECK(cancel->first(Header::cseq) == "7 CANCEL");
  CHECK_FALSE(cancel->has(Header::require));
  CHECK_FALSE(check_request(*cancel).has_value());
}

TEST_CASE("rewriting: what is written is read again without a fault") {
  const auto request = parsed(options_with("Record-Route: <sip:p0;lr>\r\nSubject: a\r\n folded\r\n", "body"));
  Forward forward;
  forward.request_uri = "sip:bob@192.0.2.99";
  forward.source = source;
  const auto onward = parsed(forwarded(*request, forward));
  CHECK_FALSE(check_request(*onward).has_value());
  CHECK(onward->body() == "body");
  CHECK(onward->first(Header::subject) == "a   folded");
  const auto reply = parsed(write_reply(*onward, Reply(200), "b1", source));
  CHECK_FALSE(check_response(*reply).has_value());
  const auto back = parsed(write_backward(*reply));
  CHECK(back->values(Header::via).size() == 1);
  CHECK_FALSE(check_response(*back).has_value());
}

}  // namespace rollcall::sip
