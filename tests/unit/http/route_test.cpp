// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include <rollcall/http/route.hpp>

#include <doctest/doctest.h>

using namespace rollcall::http;
using rollcall::base::Instant;

namespace {

constexpr Instant noon{std::chrono::hours(12)};

Response echo(const Request& request) {
  std::string all;
  for (const NamedText& item : request.parameters)
    all += item.name + "=" + item.value + ";";
  return text("text/plain", all);
}

std::vector<Route> rows() {
  return {
      {Method::get, "/", Role::anyone, "", 0, echo},
      {Method::get, "/things", Role::anyone, "", 0, echo},
      {Method::get, "/things/{thing}", Role::anyone, "", 0, echo},
      {Method::delete_, "/things/{thing}", Role::administrator, "", 0, echo},
      {Method::post, "/things:import", Role::anyone, "text/csv", 100, echo},
      {Method::get, "/things/{thing}/parts/{part}", Role::anyone, "", 0, echo},
      {Method::get, "/broken", Role::anyone, "", 0,
       [](const Request&) -> Response { throw std::runtime_error("secret"); }},
  };
}

Request request(Method method, std::vector<std::string> segments) {
  Request request;
  request.method = method;
  request.segments = std::move(segments);
  request.peer = "127.0.0.1";
  return request;
}

Request with_token(const std::string& token, const std::string& peer = "127.0.0.1") {
  Request it = request(Method::delete_, {"things", "a"});
  it.headers.push_back({"authorization", token});
  it.peer = peer;
  return it;
}

}  // namespace

TEST_CASE("route: the row is found and its parameters are filled in") {
  Router router(rows(), "token");
  CHECK(router.answer(request(Method::get, {}), noon).status == 200);
  CHECK(router.answer(request(Method::get, {"things", "a/b"}), noon).body == "thing=a/b;");
  CHECK(router.answer(request(Method::get, {"things", "a", "parts", "b"}), noon).body == "thing=a;part=b;");
  CHECK(router.answer(request(Method::head, {"things"}), noon).status == 200);
}

TEST_CASE("route: a row may take the rest of the path and the query as they were sent") {
  auto table = rows();
  table.push_back({Method::get, "/files/{*rest}", Role::anyone, "", 0, echo});
  table.push_back({Method::get, "/of/{whom}/files/{*rest}", Role::anyone, "", 0, echo});
  Router router(table, "token");
  const auto answered = [&](const std::string& target, std::vector<std::string> segments) {
    Request it = request(Method::get, std::move(segments));
    it.target = target;
    return router.answer(it, noon).body;
  };
  CHECK(answered("/files/a%2Fb//c/?x=%22y%22&z", {"files", "a/b", "", "c", ""}) ==
        "rest=a%2Fb//c/?x=%22y%22&z;");
  CHECK(answered("/%66iles/a", {"files", "a"}) == "rest=a;");
  CHECK(answered("http://example.org/files/a?b", {"files", "a"}) == "rest=a?b;");
  CHECK(answered("/files/", {"files", ""}) == "rest=;");
  CHECK(answered("/files?q=/x", {"files"}) == "rest=?q=/x;");
  CHECK(answered("/of/me/files/a", {"of", "me", "files", "a"}) == "whom=me;rest=a;");
  CHECK(router.answer(request(Method::get, {"file", "a"}), noon).status == 404);
}

TEST_CASE("route: a guard decides before the body is read, and says who asks") {
  auto table = rows();
  Route route{Method::put, "/files/{*rest}", Role::administrator, "", 100, [](const Request& request) {
                return text("text/plain", request.requester);
              }};
  route.guard = [](Request& request, Instant) -> std::optional<Response> {
    if (request.parameter("rest") == "secret") return Response{403, {}, ""};
    request.requester = "alice";
    return std::nullopt;
  };
  table.push_back(route);
  Router router(table, "token");
  Request it = request(Method::put, {"files", "open"});
  it.target = "/files/open";
  CHECK(router.answer(it, noon).body == "alice");
  it.segments[1] = "secret";
  it.target = "/files/secret";
  CHECK(router.answer(it, noon).status == 403);
}

TEST_CASE("route: what is in no row is 404") {
  Router router(rows(), "token");
  for (const auto& path :
       {std::vector<std::string>{"thing"}, {"things", ""}, {"things", "a", "parts"}, {"", "things"}})
    CHECK(router.answer(request(Method::get, path), noon).status == 404);
}

TEST_CASE("route: a method that is in no row is 405 and told which are [RFC 9110 §15.5.6]") {
  Router router(rows(), "token");
  const Response response = router.answer(request(Method::put, {"things", "a"}), noon);
  CHECK(response.status == 405);
  CHECK(response.header("Allow") == "OPTIONS, GET, HEAD, DELETE");
}

TEST_CASE("route: OPTIONS tells what the table has [RFC 9110 §9.3.7]") {
  Router router(rows(), "token");
  const Response response = router.answer(request(Method::options, {"things:import"}), noon);
  CHECK(response.status == 204);
  CHECK(response.header("Allow") == "OPTIONS, POST");
  CHECK(router.answer(request(Method::options, {"nothing"}), noon).status == 404);
}

TEST_CASE("route: a body of another type is 415") {
  Router router(rows(), "token");
  Request it = request(Method::post, {"things:import"});
  it.headers = {{"content-type", "application/json"}, {"content-length", "5"}};
  CHECK(router.answer(it, noon).status == 415);
  it.headers[0].value = "Text/CSV; charset=utf-8";
  CHECK(router.answer(it, noon).status == 200);
}

TEST_CASE("route: a function that throws is a 500 that tells nothing") {
  Router router(rows(), "token");
  const Response response = router.answer(request(Method::get, {"broken"}), noon);
  CHECK(response.status == 500);
  CHECK(response.body.find("secret") == std::string::npos);
}

TEST_CASE("bearer: the right token is let in, and nothing else [RFC 6750 §2.1]") {
  Router router(rows(), "s3cret");
  CHECK(router.answer(with_token("Bearer s3cret"), noon).status == 200);
  CHECK(router.answer(with_token("bearer s3cret"), noon).status == 200);
  for (const char* wrong :
       {"Bearer s3cre", "Bearer s3cret ", "Bearer S3cret", "Basic s3cret", "s3cret", "Bearer", ""}) {
    CAPTURE(wrong);
    CHECK(router.answer(with_token(wrong), noon).status == 401);
  }
  const Response none = router.answer(request(Method::delete_, {"things", "a"}), noon);
  CHECK(none.status == 401);
  CHECK(none.header("WWW-Authenticate") == "Bearer realm=\"rollcall\"");
}

TEST_CASE("bearer: without a token of our own nobody is let in") {
  Router router(rows(), "");
  CHECK(router.answer(with_token("Bearer "), noon).status == 401);
  CHECK(router.answer(with_token("Bearer x"), noon).status == 401);
}

TEST_CASE("bearer: an address that is wrong too often waits for a minute, others do not") {
  Router router(rows(), "s3cret");
  for (int i = 0; i < BearerGuard::patience; ++i)
    CHECK(router.answer(with_token("Bearer wrong", "10.0.0.1"), noon).status == 401);
  const Response late = router.answer(with_token("Bearer s3cret", "10.0.0.1"), noon);
  CHECK(late.status == 429);
  CHECK(late.header("Retry-After") == "60");
  CHECK(router.answer(with_token("Bearer s3cret", "10.0.0.2"), noon).status == 200);
  CHECK(router.answer(with_token("Bearer s3cret", "10.0.0.1"), noon + std::chrono::minutes(1)).status == 200);
}
