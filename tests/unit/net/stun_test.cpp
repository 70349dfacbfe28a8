// SPDX-License-Identifier: Apache-2.0
#include "stun.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace rollcall;
using namespace std::string_literals;

namespace {

const std::string cookie = "\x21\x12\xa4\x42";
// The transaction of the examples in RFC 5769 §2.2 and §2.3.
const std::string transaction = "\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"s;

std::string request(const std::string& attributes = "", const std::string& type = "\0\x01"s) {
  return type + '\0' + static_cast<char>(attributes.size()) + cookie + transaction + attributes;
}

}  // namespace

TEST_CASE("stun: a Binding request is told the IPv4 address that it came from [RFC 5389 §15.2]") {
  const auto answer = net::answer_stun(request(), *sip::Endpoint::parse("192.0.2.1", 32853));
  REQUIRE(answer);
  CHECK(*answer == "\x01\x01\0\x0c"s + cookie + transaction + "\0\x20\0\x08\0\x01\xa1\x47\xe1\x12\xa6\x43"s);
}

TEST_CASE("stun: a Binding request is told the IPv6 address that it came from [RFC 5389 §15.2]") {
  const auto source = sip::Endpoint::parse("2001:db8:1234:5678:11:2233:4455:6677", 32853);
  const auto answer = net::answer_stun(request(), *source);
  REQUIRE(answer);
  CHECK(*answer ==
        "\x01\x01\0\x18"s + cookie + transaction +
            "\0\x20\0\x14\0\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79\xbc\x25\xf4\xb5\xbe\xd2\xb9\xd9"s);
}

TEST_CASE(
    "stun: what may be ignored in a request is, what must be understood gets no answer [RFC 5389 §15]") {
  const auto source = *sip::Endpoint::parse("192.0.2.1", 32853);
  CHECK(net::answer_stun(request("\x80\x22\0\x05"s + "phone\0\0\0"s), source));
  CHECK_FALSE(net::answer_stun(request("\0\x24\0\x04\x6e\0\x01\xff"s), source));
  CHECK_FALSE(net::answer_stun(request("\x80\x22\0\x50"s + "phone\0\0\0"s), source));
  CHECK_FALSE(net::answer_stun(request("\x80\x22"s), source));
}

TEST_CASE("stun: answers, other methods and requests without the cookie are STUN and get no answer") {
  const auto source = *sip::Endpoint::parse("192.0.2.1", 32853);
  const std::string old = "\0\x01\0\0"s + "0123456789abcdef";
  for (const std::string& other : {old, request("", "\x01\x01"), request("", "\0\x03"s)}) {
    CHECK(net::is_stun(other));
    CHECK_FALSE(net::answer_stun(other, source));
  }
}

TEST_CASE("stun: nothing else is taken for it") {
  CHECK_FALSE(net::is_stun(request().substr(0, 19)));
  CHECK_FALSE(net::is_stun(request() + "x"));
  CHECK_FALSE(net::is_stun("OPTIONS sip:example.com SIP/2.0\r\n\r\n"));
  CHECK_FALSE(net::is_stun("\r\n\0\x10"s + "OPTIONS sip:a SIP/2.0"));
  CHECK_FALSE(net::is_stun(""));
}
