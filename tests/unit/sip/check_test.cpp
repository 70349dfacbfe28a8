// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <string>

#include <rollcall/sip/message.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

using testing::options_with;
using testing::parsed;
using testing::replaced;

namespace {

std::string checked(const std::string& bytes) {
  const auto defect = check_request(*parsed(bytes));
  return defect ? std::to_string(defect->status) + " " + defect->reason : "sound";
}

std::string checked_response(std::string bytes) {
  bytes = replaced(std::move(bytes), "OPTIONS sip:bob@example.com SIP/2.0", "SIP/2.0 200 OK");
  const auto defect = check_response(*parsed(std::move(bytes)));
  return defect ? defect->reason : "sound";
}

}  // namespace

TEST_CASE("check: a sound request passes") {
  CHECK(checked(options_with("")) == "sound");
  CHECK(checked(options_with(
            "Contact: <sip:alice@192.0.2.7:5070>;expires=60\r\nRoute: <sip:p.example.com;lr>\r\n")) ==
        "sound");
  CHECK(checked(options_with("Contact: *\r\n")) == "sound");
}

TEST_CASE("check: a message's own defect comes first") {
  CHECK(checked(replaced(options_with("Contact: broken\r\n"), "Call-ID: c1@192.0.2.7\r\n", "")) ==
        "400 Bad Request: no Call-ID");
}

TEST_CASE(
    "check: the Request-URI must be a URI that we know, bare, without headers [RFC 3261 §8.2.2.1, §19.1.1]") {
  const auto with_uri = [](std::string_view uri) {
    return checked(replaced(options_with(""), "sip:bob@example.com", uri));
  };
  CHECK(with_uri("<sip:bob@example.com>") == "400 Bad Request: Request-URI: in angle brackets");
  CHECK(with_uri("sip:bob@example.com?Route=%3Csip:x%3E") ==
        "400 Bad Request: Request-URI: it may not hold headers");
  CHECK(with_uri("sip:2001:db8::10").starts_with("400 Bad Request: Request-URI"));
  CHECK(with_uri("bob").starts_with("400 Bad Request: Request-URI"));
  CHECK(with_uri("unknown:bob").starts_with("416 Unsupported URI Scheme"));
  CHECK(with_uri("soap.beep://192.0.2.103:3002").starts_with("416 "));
  for (const std::string_view uri : {"sip:example.com", "sips:bob@example.com", "tel:+12015550123",
                                     "im:bob@example.com", "pres:bob@example.com"}) {
    CHECK(with_uri(uri) == "sound");
  }
}

TEST_CASE(
    "check: the values that a request is routed by must parse, and the answer names the bad one [RFC 3261 "
    "§16.3]") {
  CHECK(checked(replaced(options_with(""), "SIP/2.0/UDP 192", "SIP/2.0/UDP -192")) ==
        "400 Bad Request: Via: no valid sent-by host");
  CHECK(checked(options_with("Via: SIP/2.0/UDP a.b;;\r\n")) ==
        "400 Bad Request: Via: a parameter without a name");
  CHECK(checked(replaced(options_with(""), "To: <sip:bob", "To: <bob")).starts_with("400 Bad Request: To: "));
  CHECK(checked(replaced(options_with(""), "From: <sip", "From: \"x <sip"))
            .starts_with("400 Bad Request: From: "));
  CHECK(checked(replaced(options_with(""), "c1@192.0.2.7", "c1@")) ==
        "400 Bad Request: Call-ID: a character that it may not hold");
  CHECK(checked(replaced(options_with(""), "c1@192.0.2.7", "")).starts_with("400 Bad Request: Call-ID"));
  CHECK(checked(replaced(options_with(""), "c1@192.0.2.7", "a b")).starts_with("400 Bad Request: Call-ID"));
  CHECK(checked(options_with("Contact: sip:a@b?x=y\r\n")).starts_with("400 Bad Request: Contact: "));
  CHECK(checked(options_with("Contact:\r\n")) == "400 Bad Request: Contact: no value");
  CHECK(checked(options_with("Contact: <sip:a@b>, c\r\n")).starts_with("400 Bad Request: Contact: "));
  CHECK(checked(options_with("Route: sip:p.example.com;lr\r\n")) ==
        "400 Bad Request: Route: a route needs angle brackets");
  CHECK(checked(options_with("Record-Route: <sip:p;lr\r\n")).starts_with("400 Bad Request: Record-Route: "));
}

TEST_CASE("check: Max-Forwards is a number up to 255, or missing [RFC 3261 §20.22]") {
  const auto with_hops = [](std::string_view hops) {
    return checked(replaced(options_with(""), "Max-Forwards: 70", "Max-Forwards: " + std::string(hops)));
  };
  CHECK(with_hops("0") == "sound");
  CHECK(with_hops("255") == "sound");
  CHECK(with_hops("0068") == "sound");
  for (const std::string_view hops : {"256", "-1", "many", ""}) {
    CAPTURE(hops);
    CHECK(with_hops(hops) == "400 Bad Request: Max-Forwards: no number from 0 to 255");
  }
  CHECK(checked(replaced(options_with(""), "Max-Forwards: 70\r\n", "")) == "sound");
}

TEST_CASE("check: headers that are nothing to us may be broken [RFC 3261 §16.3 step 1]") {
  CHECK(checked(options_with(
            "Date: yesterday\r\nExpires: soon\r\nWarning: 1812 x\r\nSubject: \xff\r\nEvent: ;;\r\n")) ==
        "sound");
}

TEST_CASE("check: a faulty response is found out [RFC 3261 §18.1.2, RFC 4475 §3.1.2.5]") {
  CHECK(checked_response(options_with("")) == "sound");
  CHECK(checked_response(replaced(options_with(""), "7 OPTIONS", "9292394834772304023312 OPTIONS"))
            .starts_with("Bad Request: CSeq"));
  CHECK(checked_response(replaced(options_with(""), "Via: SIP/2.0/UDP", "Via: SIP/2.0 UDP"))
            .starts_with("Bad Request: Via"));
  CHECK(checked_response(options_with("Content-Length: 9\r\n")) ==
        "Bad Request: the body is shorter than Content-Length");
}

}  // namespace rollcall::sip
