// SPDX-License-Identifier: Apache-2.0
#include <rollcall/http/client.hpp>
#include <rollcall/http/server.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using namespace rollcall::http;

namespace {

constexpr const char* token = "a token that nobody guesses";

Response tell_back(const Request& request) {
  return text("text/plain", std::string(to_string(request.method)) + " " + request.parameter("name") + " " +
                                std::string(request.query_value("q").value_or("-")) + " " + request.body);
}

struct RunningServer {
  Router router{{{Method::get, "/a/{name}", Role::administrator, "", 0, tell_back},
                 {Method::put, "/a/{name}", Role::administrator, "text/plain", 1'000, tell_back}},
                token};
  Server server{router, {}};
  RunningServer() { REQUIRE(server.start().ok()); }
};

Request request_for(Method method, std::string name) {
  Request request;
  request.method = method;
  request.segments = {"a", std::move(name)};
  return request;
}

}  // namespace

TEST_CASE("http client: names and parameters arrive as they were, whatever is in them") {
  RunningServer running;
  Client client("127.0.0.1", running.server.port(), token, std::chrono::seconds(5));
  Request request = request_for(Method::get, "älice/100%@example.org");
  request.query = {{"limit", "1"}, {"q", "a&b=c d"}};
  const auto answer = client.ask(request);
  REQUIRE(answer.ok());
  CHECK(answer->status == 200);
  CHECK(answer->body == "GET älice/100%@example.org a&b=c d ");
}

TEST_CASE("http client: a body goes with its type, one request after the other") {
  RunningServer running;
  Client client("127.0.0.1", running.server.port(), token, std::chrono::seconds(5));
  Request request = request_for(Method::put, "x");
  request.headers = {{"content-type", "text/plain"}};
  for (const char* body : {"one", "two", "three"}) {
    request.body = body;
    const auto answer = client.ask(request);
    REQUIRE(answer.ok());
    CHECK(answer->body == std::string("PUT x - ") + body);
  }
}

TEST_CASE("http client: an answer that refuses is an answer") {
  RunningServer running;
  Client client("127.0.0.1", running.server.port(), "wrong", std::chrono::seconds(5));
  const auto answer = client.ask(request_for(Method::get, "x"));
  REQUIRE(answer.ok());
  CHECK(answer->status == 401);
}

TEST_CASE("http client: nobody there is an error that names the address") {
  RunningServer running;
  const std::uint16_t port = running.server.port();
  running.server.stop();
  Client client("127.0.0.1", port, token, std::chrono::seconds(5));
  const auto answer = client.ask(request_for(Method::get, "x"));
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().code == base::ErrorCode::unavailable);
  CHECK(answer.error().detail.find("127.0.0.1:" + std::to_string(port)) != std::string::npos);
}
