// SPDX-License-Identifier: Apache-2.0
// The small header values: Via, CSeq, Event, Subscription-State, media types, credentials.
#include "messages.hpp"

#include <string>

#include <rollcall/sip/headers/auth.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/event.hpp>
#include <rollcall/sip/headers/media_type.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/message.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

TEST_CASE("via: falls into its parts [RFC 3261 §20.42]") {
  const auto via = Via::parse(" SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7;rport ");
  REQUIRE(via.ok());
  CHECK(via->transport == "UDP");
  CHECK(via->host == "erlang.bell-telephone.com");
  CHECK(via->port == 5060);
  CHECK(via->branch() == "z9hG4bK87asdks7");
  CHECK(via->has_magic_cookie());
  CHECK(via->params.get("rport") == "");
  CHECK(via->text == "SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7;rport");
}

TEST_CASE("via: white space may stand around each separator [RFC 3261 §20.42]") {
  const auto via = Via::parse(
      "SIP / 2.0 / UDP first.example.com : 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1");
  REQUIRE(via.ok());
  CHECK(via->host == "first.example.com");
  CHECK(via->port == 4000);
  CHECK(via->params.get("ttl") == "16");
  CHECK(via->params.get("maddr") == "224.2.0.1");
}

TEST_CASE("via: IPv6 stands in brackets, and received may too [RFC 5118 §4.5]") {
  const auto via =
      Via::parse("SIP/2.0/TCP [2001:db8::9:1]:6050;received=[2001:db8::9:255];branch=z9hG4bKas3");
  REQUIRE(via.ok());
  CHECK(via->host == "[2001:db8::9:1]");
  CHECK(via->port == 6050);
  CHECK(via->params.get("received") == "[2001:db8::9:255]");
  CHECK_FALSE(Via::parse("SIP/2.0/TCP 2001:db8::9:1;branch=z9hG4bKas3").ok());
}

TEST_CASE("via: the magic cookie alone is no branch [RFC 3261 §8.1.1.7, RFC 4475 §3.2.1]") {
  CHECK_FALSE(Via::parse("SIP/2.0/UDP a.b;branch=z9hG4bK").value().has_magic_cookie());
  CHECK_FALSE(Via::parse("SIP/2.0/UDP a.b;branch=390skdjuw").value().has_magic_cookie());
  CHECK(Via::parse("SIP/2.0/UDP a.b").value().branch().empty());
}

TEST_CASE("via: anything else is malformed") {
  for (const std::string_view text :
       {"", "SIP/2.0/UDP", "SIP/2.0 a.b", "SIP/2.0/UDP ;branch=x", "SIP/2.0/UDP a.b:", "SIP/2.0/UDP a.b:0",
        "SIP/2.0/UDP a.b:99999", "SIP/2.0/UDP a b", "SIP/2.0/UDP a.b;;", "SIP/2.0/UDPa.b",
        "SIP/2.0/UDP 192.0.2.15;;,;,,", "/2.0/UDP a.b", "SIP//UDP a.b",
        "SIP/2.0/UDP a.b;branch=1;branch=2"}) {
    CAPTURE(text);
    CHECK_FALSE(Via::parse(text).ok());
  }
}

TEST_CASE("cseq: a number below 2^31 and a method [RFC 3261 §8.1.1.5]") {
  const auto cseq = CSeq::parse(" 0009  INVITE ");
  REQUIRE(cseq.ok());
  CHECK(cseq->number == 9);
  CHECK(cseq->method == "INVITE");
  CHECK(CSeq::parse("2147483647 ACK").value().number == 2147483647U);
  CHECK(CSeq::parse("0 !odd.Method%41").value().method == "!odd.Method%41");
  for (const std::string_view text :
       {"", "1", "1INVITE", "INVITE", "INVITE 1", "-1 INVITE", "2147483648 INVITE",
        "36893488147419103232 REGISTER", "1 INVITE x", "1 IN VITE", "1 <x>"}) {
    CAPTURE(text);
    CHECK_FALSE(CSeq::parse(text).ok());
  }
}

TEST_CASE("event: package, templates and id [RFC 6665 §8.2.1]") {
  const auto event = Event::parse("presence.winfo ;id=7");
  REQUIRE(event.ok());
  CHECK(event->package == "presence.winfo");
  CHECK(event->id() == "7");
  CHECK(Event::parse("Presence").value().id().empty());
  for (const std::string_view text :
       {"", ";id=1", "a b", "presence;", ".winfo", "presence.", "presence..winfo", "a/b"}) {
    CAPTURE(text);
    CHECK_FALSE(Event::parse(text).ok());
  }
}

TEST_CASE("subscription-state: state and parameters [RFC 6665 §8.2.3]") {
  const auto state = SubscriptionState::parse("terminated;reason=probation;retry-after=30");
  REQUIRE(state.ok());
  CHECK(state->state == "terminated");
  CHECK(state->params.get("reason") == "probation");
  CHECK(state->params.get("retry-after") == "30");
  CHECK_FALSE(SubscriptionState::parse("").ok());
}

TEST_CASE("media type: type, subtype and parameters [RFC 3261 §20.15]") {
  const auto type = MediaType::parse("Application / PIDF+xml ;charset=\"utf-8\"");
  REQUIRE(type.ok());
  CHECK(type->is("application/pidf+xml"));
  CHECK_FALSE(type->is("application/pidf"));
  CHECK_FALSE(type->is("application"));
  CHECK(type->params.get("charset") == "\"utf-8\"");
  for (const std::string_view text :
       {"", "text", "text/", "/plain", "text/plain;", "text plain", "text/plain x"}) {
    CAPTURE(text);
    CHECK_FALSE(MediaType::parse(text).ok());
  }
}

TEST_CASE("accept: the closest range decides, and q=0 refuses [RFC 3261 §20.1]") {
  const auto takes = [](std::string_view lines, std::string_view type, bool by_default = false) {
    return accepts(*testing::parsed(testing::options_with(lines)), type, by_default);
  };
  CHECK(takes("Accept: application/pidf+xml\r\n", "application/pidf+xml"));
  CHECK(takes("Accept: text/plain, application/pidf+xml;q=0.3\r\n", "application/pidf+xml"));
  CHECK(takes("Accept: text/plain\r\nAccept: application/pidf+xml\r\n", "application/pidf+xml"));
  CHECK(takes("Accept: application/*\r\n", "application/pidf+xml"));
  CHECK(takes("Accept: */*\r\n", "application/pidf+xml"));
  CHECK_FALSE(takes("Accept: text/plain\r\n", "application/pidf+xml", true));
  CHECK_FALSE(takes("Accept: application/pidf+xml;q=0\r\n", "application/pidf+xml"));
  CHECK_FALSE(takes("Accept: */*, application/pidf+xml;q=0.000\r\n", "application/pidf+xml"));
  CHECK(takes("Accept: application/*;q=0, application/pidf+xml\r\n", "application/pidf+xml"));
  CHECK(takes("", "application/pidf+xml", true));
  CHECK_FALSE(takes("", "application/pidf+xml", false));
  CHECK_FALSE(takes("Accept:\r\n", "application/pidf+xml", true));
  CHECK_FALSE(takes("Accept: */plain\r\n", "text/plain"));
}

namespace {

constexpr std::string_view credentials =
    "Digest username=\"bob\", realm=\"example.com\", nonce=\"84a4\", uri=\"sip:example.com\", qop=auth, "
    "nc=00000001, "
    "cnonce=\"0a4f\", response=\"6629fae49393a05397450978507c4ef1\", opaque=\"\", algorithm=MD5";

}  // namespace

TEST_CASE("credentials: quotes come off, and escapes stay [RFC 7616 §3.4]") {
  const auto parsed = DigestCredentials::parse(credentials);
  REQUIRE(parsed.ok());
  CHECK(parsed->username == "bob");
  CHECK(parsed->realm == "example.com");
  CHECK(parsed->nonce == "84a4");
  CHECK(parsed->uri == "sip:example.com");
  CHECK(parsed->qop == "auth");
  CHECK(parsed->nc == "00000001");
  CHECK(parsed->cnonce == "0a4f");
  CHECK(parsed->response == "6629fae49393a05397450978507c4ef1");
  CHECK(parsed->algorithm == "MD5");

  const auto odd = DigestCredentials::parse(
      "digest  USERNAME = \"b\\\"ob\" "
      ",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"x\",algorithm=\"MD5\",unknown=\"a, b\"");
  REQUIRE(odd.ok());
  CHECK(odd->username == "b\\\"ob");
  CHECK(odd->algorithm == "MD5");
  CHECK(odd->qop.empty());
}

TEST_CASE("credentials: another scheme is unsupported [RFC 4475 §3.3.7]") {
  for (const std::string_view text : {"NoOneKnowsThisScheme opaque-data=here", "Basic abc=", ""}) {
    const auto parsed = DigestCredentials::parse(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().code == base::ErrorCode::unsupported);
  }
}

TEST_CASE("credentials: missing, doubled and broken parameters are malformed [RFC 7616 §3.4]") {
  for (const std::string_view needed :
       {"username=\"bob\"", "realm=\"example.com\"", "nonce=\"84a4\"", "uri=\"sip:example.com\"",
        "response=\"6629fae49393a05397450978507c4ef1\"", "cnonce=\"0a4f\"", "nc=00000001"}) {
    CAPTURE(needed);
    const std::string text(credentials);
    const auto missing = DigestCredentials::parse(testing::replaced(text, needed, "x=y"));
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().code == base::ErrorCode::malformed);
    CHECK_FALSE(DigestCredentials::parse(text + ", " + std::string(needed)).ok());
  }
  const std::string text(credentials);
  CHECK_FALSE(DigestCredentials::parse("Digest").ok());
  CHECK_FALSE(DigestCredentials::parse("Digest username").ok());
  CHECK_FALSE(DigestCredentials::parse(text + ",").ok());
  CHECK_FALSE(DigestCredentials::parse(text + " x").ok());
  CHECK_FALSE(DigestCredentials::parse(text + ", username*=UTF-8''bob").ok());
  CHECK_FALSE(DigestCredentials::parse(testing::replaced(text, "\"bob\"", "\"bob")).ok());
  CHECK_FALSE(DigestCredentials::parse(testing::replaced(text, "nc=00000001", "nc=1")).ok());
  CHECK_FALSE(DigestCredentials::parse(testing::replaced(text, "nc=00000001", "nc=0000000g")).ok());
}

}  // namespace rollcall::sip
