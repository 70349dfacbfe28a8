// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <string>

#include <rollcall/sip/message.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

using testing::defect_of;
using testing::options_with;
using testing::parsed;
using testing::replaced;

TEST_CASE("body: what follows the Content-Length is dropped [RFC 3261 §18.3, RFC 4475 §3.1.1.8]") {
  const auto message =
      parsed(options_with("Content-Length: 5\r\n", "helloINVITE sip:joe@example.com SIP/2.0\r\n"));
  CHECK(message->body() == "hello");
  CHECK(message->bytes().ends_with("\r\n\r\nhello"));
  CHECK(defect_of(*message) == "none");
}

TEST_CASE("body: without Content-Length it is the rest of the datagram [RFC 3261 §18.3]") {
  CHECK(parsed(options_with("", "hello"))->body() == "hello");
  CHECK(parsed(options_with(""))->body().empty());
}

TEST_CASE("body: shorter than Content-Length is a 400 [RFC 3261 §18.3, RFC 4475 §3.1.2.2]") {
  const auto message = parsed(options_with("Content-Length: 6\r\n", "hello"));
  CHECK(defect_of(*message) == "Bad Request: the body is shorter than Content-Length");
  CHECK(message->body() == "hello");
}

TEST_CASE("body: a Content-Length that is no number is a 400 [RFC 4475 §3.1.2.3]") {
  for (const std::string_view value :
       {"-999", "five", "", "1 2", "0x10", "99999999999999999999", "+5", "5,5"}) {
    CAPTURE(value);
    const auto message = parsed(options_with("Content-Length: " + std::string(value) + "\r\n", "hello"));
    CHECK(defect_of(*message) == "Bad Request: no valid Content-Length");
    CHECK(message->body().empty());
  }
}

TEST_CASE("body: it may hold any byte") {
  const std::string body("\0\r\n\r\n\xff\0", 7);
  CHECK(parsed(options_with("Content-Length: 7\r\n", body))->body() == body);
}

namespace {

int refused_with(const std::string& bytes, const base::Limits& limits) {
  const auto message = parsed(bytes, limits);
  CHECK(message->has(Header::via));  // so that it can be answered
  return message->defect() ? message->defect()->status : 0;
}

}  // namespace

TEST_CASE("limits: past the size of a message the answer is 513 [RFC 3261 §21.5.7]") {
  base::Limits limits;
  limits.message_bytes = 400;
  CHECK(refused_with(options_with("X: " + std::string(400, 'x') + "\r\n"), limits) == 513);
  CHECK(refused_with(options_with(""), limits) == 0);
}

TEST_CASE(
    "limits: past the size of a body the answer is 413, also by its Content-Length alone [RFC 3261 "
    "§21.4.11]") {
  base::Limits limits;
  limits.body_bytes = 10;
  CHECK(refused_with(options_with("Content-Length: 10\r\n", "0123456789"), limits) == 0);
  CHECK(refused_with(options_with("Content-Length: 11\r\n", "0123456789x"), limits) == 413);
  CHECK(refused_with(options_with("", "0123456789x"), limits) == 413);
  CHECK(refused_with(options_with("Content-Length: 999999\r\n"), limits) == 413);
}

TEST_CASE(
    "limits: too many or too long header fields are a 400, a too long Request-URI a 414 [RFC 3261 "
    "§21.4.12]") {
  base::Limits limits;
  limits.header_count = 10;
  CHECK(refused_with(options_with("A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n"), limits) == 0);
  CHECK(refused_with(options_with("A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\n"), limits) == 400);
  limits.header_bytes = 100;
  CHECK(refused_with(options_with("A: " + std::string(97, 'x') + "\r\n"), limits) == 0);
  CHECK(refused_with(options_with("A: " + std::string(98, 'x') + "\r\n"), limits) == 400);
  CHECK(refused_with(replaced(options_with(""), "bob@", std::string(100, 'b') + "@"), limits) == 414);
}

TEST_CASE("limits: no more fields are kept than the limit allows") {
  base::Limits limits;
  limits.header_count = 16;
  std::string many;
  for (int i = 0; i < 10'000; ++i)
    many += "a:\r\n";
  CHECK(parsed(options_with(many), limits)->fields().size() == 16);
}

}  // namespace rollcall::sip
