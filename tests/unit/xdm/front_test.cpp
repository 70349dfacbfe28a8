// SPDX-License-Identifier: Apache-2.0
#include "house.hpp"

#include <rollcall/http/route.hpp>
#include <rollcall/sip/digest.hpp>
#include <rollcall/xdm/front.hpp>

#include <fmt/format.h>

using namespace rollcall;
using namespace rollcall::xdm::test;
using http::Method;
using http::Response;
using sip::DigestAlgorithm;

namespace {

const std::string alices = "/xcap/resource-lists/users/sip:alice@example.com/index";

std::string hex(const auto& bytes) {
  std::string digits;
  for (const auto byte : bytes)
    digits += fmt::format("{:02x}", byte);
  return digits;
}

// The hash of "a:b:c", by the server's own function, which is tested with the examples of the RFCs.
std::string hash(DigestAlgorithm algorithm, std::string_view a, std::string_view b, std::string_view c) {
  const auto both = sip::Ha1::of(a, b, c);
  return algorithm == DigestAlgorithm::md5 ? hex(both.md5) : hex(both.sha256);
}

struct FrontHouse : House {
  FrontHouse() : front(*service, users(), "t0ken", "", metrics), router(front.routes(), "t0ken") {}

  std::vector<xdm::ShardUsers> users() {
    std::vector<xdm::ShardUsers> list;
    for (const auto& room : rooms)
      list.push_back({&room->shard, &room->authenticator, &room->directory});
    return list;
  }

  Response ask(Method method, const std::string& target, const std::string& authorization = "",
               const std::string& body = "", std::vector<http::NamedText> headers = {},
               const std::string& peer = "192.0.2.1", base::Instant now = base::now()) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.segments = {"xcap", "more"};
    request.headers = std::move(headers);
    request.headers.push_back({"host", "xcap.example.com:8080"});
    if (!authorization.empty()) request.headers.push_back({"authorization", authorization});
    request.body = body;
    request.peer = peer;
    return router.answer(std::move(request), now);
  }

  xdm::Front front;
  base::MetricCells metrics;
  http::Router router;
};

struct Client {
  std::string user = "alice", password = "secret", realm = "example.com", nonce, uri = alices, method = "GET";
  DigestAlgorithm algorithm = DigestAlgorithm::sha256;
  int count = 1;

  explicit Client(const Response& challenge) {
    const std::string value(challenge.header("WWW-Authenticate"));
    const auto begin = value.find("nonce=\"") + 7;
    nonce = value.substr(begin, value.find('"', begin) - begin);
  }
  [[nodiscard]] std::string credentials() const {
    const std::string nc = fmt::format("{:08x}", count), name(sip::to_string(algorithm));
    const auto a2 = two(method, uri);
    return fmt::format(
        R"(Digest username="{}", realm="{}", nonce="{}", uri="{}", response="{}", algorithm={}, qop=auth, nc={}, cnonce="c")",
        user, realm, nonce, uri,
        hash(algorithm, hash(algorithm, user, realm, password), nonce + ":" + nc + ":c:auth", a2), name, nc);
  }
  // H(method:uri): the URI has a colon, at which it can be cut in two for hash().
  [[nodiscard]] std::string two(const std::string& a, const std::string& b) const {
    const auto colon = b.find(':');
    REQUIRE(colon != std::string::npos);
    return hash(algorithm, a, b.substr(0, colon), b.substr(colon + 1));
  }
};

const std::vector<http::NamedText> lists_type = {{"content-type", "application/resource-lists+xml"}};

}  // namespace

TEST_CASE("front: without credentials both algorithms are offered, the stronger one first [RFC 7616 §3.7]") {
  FrontHouse house;
  const Response asked = house.ask(Method::get, alices);
  CHECK(asked.status == 401);
  std::vector<std::string> challenges;
  for (const auto& [name, value] : asked.headers)
    if (name == "WWW-Authenticate") challenges.push_back(value);
  REQUIRE(challenges.size() == 2);
  CHECK(challenges[0].starts_with("Digest realm=\"example.com\", nonce=\""));
  CHECK(challenges[0].ends_with("algorithm=SHA-256, qop=\"auth\""));
  CHECK(challenges[1].ends_with("algorithm=MD5, qop=\"auth\""));
}

TEST_CASE("front: a client that stops at an unknown algorithm is offered MD5 only") {
  FrontHouse house;
  const Response asked = house.ask(Method::get, alices, "", "", {{"user-agent", "Python-urllib/3.11"}});
  CHECK(asked.header("WWW-Authenticate").ends_with("algorithm=MD5, qop=\"auth\""));
}

TEST_CASE("front: the right password lets in, by both algorithms, and a count serves once [RFC 7616 §3.4]") {
  FrontHouse house;
  for (const auto algorithm : {DigestAlgorithm::sha256, DigestAlgorithm::md5}) {
    Client client(house.ask(Method::get, alices));
    client.algorithm = algorithm;
    CHECK(house.ask(Method::get, alices, client.credentials()).status == 404);  // there is no document
    const Response again = house.ask(Method::get, alices, client.credentials());
    CHECK(again.status == 401);
    CHECK(again.header("WWW-Authenticate").ends_with("stale=true"));
    client.count = 2;
    CHECK(house.ask(Method::get, alices, client.credentials()).status == 404);
  }
}

TEST_CASE("front: a wrong password, a stranger, another realm and a nonce of somebody else's are 401") {
  FrontHouse house;
  const Client right(house.ask(Method::get, alices));
  Client wrong = right;
  wrong.password = "wrong";
  CHECK(house.ask(Method::get, alices, wrong.credentials()).status == 401);
  wrong = right;
  wrong.user = "mallory";
  CHECK(house.ask(Method::get, alices, wrong.credentials()).status == 401);
  wrong = right;
  wrong.realm = "example.net";
  CHECK(house.ask(Method::get, alices, wrong.credentials()).status == 401);
  wrong = right;
  wrong.nonce[5] = wrong.nonce[5] == 'a' ? 'b' : 'a';
  CHECK(house.ask(Method::get, alices, wrong.credentials()).status == 401);
  CHECK(house.ask(Method::put, alices, right.credentials()).status == 401);  // signed for GET
  CHECK(house.ask(Method::get, alices, "Basic YWxpY2U6c2VjcmV0").status == 401);
}

TEST_CASE("front: a digest for another address is 400 [RFC 7616 §3.4.6]") {
  FrontHouse house;
  Client client(house.ask(Method::get, alices));
  CHECK(house.ask(Method::get, alices + "?x", client.credentials()).status == 400);
  client.uri = "http://xcap.example.com" + alices;  // the same address in its absolute form
  CHECK(house.ask(Method::get, alices, client.credentials()).status == 404);
  CHECK(house.ask(Method::get, alices, "Digest username=\"alice\"").status == 400);
}

TEST_CASE("front: who shows wrong passwords too often is locked out, and others of that address are not") {
  FrontHouse house;
  const auto now = base::now();
  Client client(house.ask(Method::get, alices));
  Client wrong = client;
  wrong.password = "wrong";
  for (int i = 0; i < http::BearerGuard::patience; ++i)
    CHECK(house.ask(Method::get, alices, wrong.credentials(), "", {}, "192.0.2.1", now).status == 401);
  const Response late = house.ask(Method::get, alices, client.credentials(), "", {}, "192.0.2.1", now);
  CHECK(late.status == 429);
  CHECK(late.header("Retry-After") == "60");
  CHECK(house.ask(Method::get, alices, client.credentials(), "", {}, "192.0.2.2", now).status == 404);
  client.user = "bob";
  CHECK(house.ask(Method::get, alices, client.credentials(), "", {}, "192.0.2.1", now).status == 403);
}

TEST_CASE("front: another user's tree is 403, nobody's is 404, and an administrator's token opens all") {
  FrontHouse house;
  Client client(house.ask(Method::get, alices));
  client.uri = "/xcap/resource-lists/users/sip:bob@example.com/index";
  CHECK(house.ask(Method::get, client.uri, client.credentials()).status == 403);
  client.uri = "/xcap/resource-lists/users/sip:nobody@example.com/index";
  client.count = 2;
  CHECK(house.ask(Method::get, client.uri, client.credentials()).status == 404);
  CHECK(house.ask(Method::get, alices, "Bearer t0ken").status == 404);
  CHECK(house.ask(Method::get, alices, "Bearer token").status == 401);
  CHECK(house.ask(Method::put, alices, "Bearer t0ken", lists(""), lists_type).status == 201);
  CHECK(house.ask(Method::get, "/xcap/unknown/users/sip:bob@example.com/index").status == 404);
  CHECK(house.ask(Method::get, "/xcap/").status == 404);
}

TEST_CASE("front: a user has one home directory, however the XUI is written [RFC 4825 §6.2]") {
  FrontHouse house;
  CHECK(house.ask(Method::put, alices, "Bearer t0ken", lists(""), lists_type).status == 201);
  for (const std::string xui : {"alice@example.com", "sip%3Aalice%40example.com", "sip:alice@EXAMPLE.com",
                                "%73ip:%61lice@example.com", "sip:alice@example.com;transport=tcp"}) {
    CAPTURE(xui);
    CHECK(house.ask(Method::get, "/xcap/resource-lists/users/" + xui + "/index", "Bearer t0ken").status ==
          200);
  }
}

TEST_CASE("front: an answer has entity tag, time and type, and a list of tags may come in several fields") {
  FrontHouse house;
  const Response made = house.ask(Method::put, alices, "Bearer t0ken", lists(""), lists_type);
  CHECK(made.status == 201);
  const std::string etag(made.header("ETag"));
  const Response read = house.ask(Method::get, alices, "Bearer t0ken");
  CHECK(read.header("ETag") == etag);
  CHECK(read.header("Last-Modified").ends_with(" GMT"));
  CHECK(read.header("Content-Type") == "application/resource-lists+xml");
  CHECK(
      house
          .ask(Method::get, alices, "Bearer t0ken", "", {{"if-none-match", "\"x\""}, {"if-none-match", etag}})
          .status == 304);
  CHECK(house.metrics.read(base::Metric::xcap_put) == 1);
  CHECK(house.metrics.read(base::Metric::xcap_get) == 2);
  CHECK(house.metrics.read(base::Metric::xcap_3xx) == 1);
}

TEST_CASE("front: without the database a change is 503 with Retry-After, and what is in memory is read") {
  FrontHouse house;
  CHECK(house.ask(Method::put, alices, "Bearer t0ken", lists(""), lists_type).status == 201);
  house.tables.is_up = false;
  const Response refused = house.ask(Method::put, alices, "Bearer t0ken", lists("<list/>"), lists_type);
  CHECK(refused.status == 503);
  CHECK(refused.header("Retry-After") == "5");
  CHECK(house.ask(Method::get, alices, "Bearer t0ken").body == lists(""));
  CHECK(
      house.ask(Method::get, "/xcap/resource-lists/users/sip:bob@example.com/index", "Bearer t0ken").status ==
      503);
}
