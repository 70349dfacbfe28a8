// SPDX-License-Identifier: Apache-2.0
#include "head.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace rollcall::http;

namespace {

Head sound(const std::string& bytes) {
  auto result = parse_head(bytes);
  INFO(bytes);
  REQUIRE(std::holds_alternative<Head>(result));
  return std::get<Head>(result);
}

int status_of_refusal(const std::string& bytes) {
  auto result = parse_head(bytes);
  const auto* problem = std::get_if<Problem>(&result);
  return problem == nullptr ? 0 : problem->status;
}

int status_with(const std::string& fields) {
  return status_of_refusal("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
}
int status_for(const std::string& line) {
  return status_of_refusal(line + "\r\nHost: a\r\n\r\n");
}

}  // namespace

TEST_CASE("head: a request is taken apart [RFC 9112 §3]") {
  const Head head = sound(
      "PUT /api/v1/users/a%2Fb%40x?search=%C3%A4+b&limit=5&flag HTTP/1.1\r\nHOST: [::1]:8080\r\nX-Two:\t a b "
      "\r\n"
      "Content-Length: 12\r\n\r\n");
  CHECK(head.request.method == Method::put);
  CHECK(head.request.segments == std::vector<std::string>{"api", "v1", "users", "a/b@x"});
  CHECK(head.request.query_value("search") == "\xc3\xa4 b");
  CHECK(head.request.query_value("limit") == "5");
  CHECK(head.request.query_value("flag") == "");
  CHECK_FALSE(head.request.query_value("none").has_value());
  CHECK(head.request.header("x-two") == "a b");
  CHECK(head.length == 12);
  CHECK(head.keep_alive);
}

TEST_CASE("head: the absolute form means the same as the path alone [RFC 9112 §3.2.2]") {
  CHECK(sound("GET http://a:80/x/y?z=1 HTTP/1.1\r\nHost: a\r\n\r\n").request.segments ==
        std::vector<std::string>{"x", "y"});
  CHECK(sound("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n").request.segments.empty());
}

TEST_CASE("head: the connection is kept or not as the client says [RFC 9112 §9.3]") {
  CHECK(sound("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
  CHECK_FALSE(sound("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n").keep_alive);
  CHECK_FALSE(sound("GET / HTTP/1.0\r\n\r\n").keep_alive);
}

TEST_CASE("head: methods and versions that are not ours have their own answers") {
  CHECK(status_for("BREW / HTTP/1.1") == 501);
  CHECK(status_for("get / HTTP/1.1") == 501);
  CHECK(status_for("TRACE / HTTP/1.1") == 501);
  CHECK(status_for("CONNECT a:1 HTTP/1.1") == 501);
  CHECK(status_for("GET / HTTP/2.0") == 505);
  CHECK(status_for("G\x01T / HTTP/1.1") == 400);
}

TEST_CASE("head: a request line with anything but single spaces is refused [RFC 9112 §3]") {
  for (const char* line : {"GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1",
                           "GET /", "GET", "", "GET\t/ HTTP/1.1", "GET / http/1.1", "GET /a b HTTP/1.1"}) {
    CAPTURE(line);
    CHECK(status_for(line) == 400);
  }
}

TEST_CASE("head: a path that could be read in two ways is refused") {
  for (const char* target : {"/a/../b", "/..", "/a/./b", "/%2e%2e/b", "/a/%2E", "/%00", "/%zz", "/a%", "/%ff",
                             "/a\x80", "/a#b", "a/b", "//../", "/%0a", "*"}) {
    CAPTURE(target);
    CHECK(status_for("GET " + std::string(target) + " HTTP/1.1") == 400);
  }
  CHECK(status_for("GET /?a=%ff HTTP/1.1") == 400);
  CHECK(status_for("GET /" + std::string(9000, 'a') + " HTTP/1.1") == 414);
}

TEST_CASE("head: header fields are read strictly [RFC 9112 §5]") {
  CHECK(status_with("A: b\r\n") == 0);
  for (const char* field : {"A : b\r\n", " A: b\r\n", "A\r\n", ": b\r\n", "A: b\r\n c\r\n", "A: b\nB: c\r\n",
                            "A: b\rB\r\n", "A: \x01\r\n", "A: \xff\r\n", "A(: b\r\n"}) {
    CAPTURE(field);
    CHECK(status_with(field) == 400);
  }
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "A: b\r\n";
  CHECK(status_with(many) == 431);
}

TEST_CASE("head: exactly one sound Host is needed [RFC 9112 §3.2]") {
  CHECK(status_of_refusal("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(status_of_refusal("GET / HTTP/1.1\r\nHost:\r\n\r\n") == 400);
  CHECK(status_of_refusal("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n") == 400);
  CHECK(status_with("Host: b\r\n") == 400);
  CHECK(status_of_refusal("GET / HTTP/1.0\r\n\r\n") == 0);
}

TEST_CASE("head: only one way to find the end of the body is let in [RFC 9112 §6.3, §11.2]") {
  CHECK(status_with("Content-Length: 5\r\n") == 0);
  CHECK(status_with("Transfer-Encoding: Chunked\r\n") == 0);
  for (const char* fields :
       {"Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5, 5\r\n", "Content-Length: -1\r\n",
        "Content-Length: +5\r\n", "Content-Length: 0x5\r\n", "Content-Length: 5 5\r\n", "Content-Length:\r\n",
        "Content-Length: 99999999999999999999999\r\n", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    CAPTURE(fields);
    CHECK(status_with(fields) == 400);
  }
  CHECK(status_with("Transfer-Encoding: gzip, chunked\r\n") == 501);
  CHECK(status_with("Transfer-Encoding: chunked, identity\r\n") == 501);
  CHECK(status_of_refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

TEST_CASE("head: an expectation that is not known is refused [RFC 9110 §10.1.1]") {
  CHECK(sound("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n")
            .expects_continue);
  CHECK(status_with("Expect: miracles\r\n") == 417);
}
