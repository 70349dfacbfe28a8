// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <rollcall/http/server.hpp>

#include <doctest/doctest.h>
#include <support/http_client.hpp>

using namespace rollcall::http;
using rollcall::tests::HttpAnswer;
using rollcall::tests::HttpClient;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

/// A server on a free port that echoes bodies.
struct Fixture {
  explicit Fixture(ServerSettings settings = {})
      : router(rows(), "token"), server(router, std::move(settings)) {
    REQUIRE(server.start().ok());
  }

  std::vector<Route> rows() {
    const auto echo = [this](const Request& request) {
      ++calls;
      return text("text/plain", request.body);
    };
    return {{Method::get, "/hello", Role::anyone, "", 0,
             [](const Request&) { return text("text/plain", "hello"); }},
            {Method::post, "/echo", Role::anyone, "", 100'000, echo},
            {Method::post, "/secret", Role::administrator, "", 100'000, echo},
            {Method::get, "/slow", Role::anyone, "", 0,
             [this](const Request&) {
               ++calls;
               std::this_thread::sleep_for(milliseconds(200));
               return text("text/plain", "slow");
             }},
            {Method::get, "/large", Role::anyone, "", 0,
             [](const Request&) { return text("text/plain", std::string(50'000'000, 'x')); }},
            {Method::get, "/injected", Role::anyone, "", 0, [](const Request&) {
               Response response = text("text/plain", "");
               response.headers.push_back({"X-Name", "a\r\nX-Evil: b"});
               return response;
             }}};
  }

  std::atomic<int> calls{0};
  Router router;
  Server server;
};

ServerSettings impatient() {
  ServerSettings settings;
  settings.idle_time = settings.head_time = settings.body_time = settings.write_time = milliseconds(300);
  return settings;
}

const std::string post_head = "POST /echo HTTP/1.1\r\nHost: a\r\n";

}  // namespace

TEST_CASE("server: requests follow each other on one connection, also sent at once [RFC 9112 §9.3.2]") {
  Fixture house;
  HttpClient client(house.server.port());
  CHECK(client.request("GET", "/hello").body == "hello");
  CHECK(client.request("POST", "/echo", "", "text/plain", "body").body == "body");
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" + post_head +
              "Content-Length: 2\r\n\r\nabGET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(client.read().body == "hello");
  CHECK(client.read().body == "ab");
  CHECK(client.read().body == "hello");
}

TEST_CASE("server: HEAD has the headers of GET and no body [RFC 9110 §9.3.2]") {
  Fixture house;
  HttpClient client(house.server.port());
  const HttpAnswer head = client.request("HEAD", "/hello");
  CHECK(head.status == 200);
  CHECK(head.header("content-length") == "5");
  CHECK(client.request("GET", "/hello").body == "hello");  // nothing of a body was in between
}

TEST_CASE("server: every answer carries the security headers and nothing about who may read it") {
  Fixture house;
  HttpClient client(house.server.port());
  for (const char* path : {"/hello", "/nothing"}) {
    const HttpAnswer answer = client.request("GET", path);
    CHECK(answer.header("x-content-type-options") == "nosniff");
    CHECK(answer.header("cache-control") == "no-store");
    CHECK(answer.header("content-security-policy") == "default-src 'none'; frame-ancestors 'none'");
    CHECK(answer.header("access-control-allow-origin").empty());
    CHECK_FALSE(answer.header("date").empty());
  }
}

TEST_CASE("server: 404, 405 and OPTIONS come over the wire") {
  Fixture house;
  HttpClient client(house.server.port());
  CHECK(client.request("GET", "/nothing").status == 404);
  const HttpAnswer wrong = client.request("DELETE", "/hello");
  CHECK(wrong.status == 405);
  CHECK(wrong.header("allow") == "OPTIONS, GET, HEAD");
  CHECK(client.request("OPTIONS", "/echo").header("allow") == "OPTIONS, POST");
  CHECK(client.request("OPTIONS", "*").status == 204);
}

TEST_CASE("server: a value with a line break adds no header") {
  Fixture house;
  HttpClient client(house.server.port());
  const HttpAnswer answer = client.request("GET", "/injected");
  CHECK(answer.header("x-evil").empty());
  CHECK(answer.status == 200);
}

TEST_CASE("server: ambiguous framing is answered 400 and ends the connection [RFC 9112 §11.2]") {
  Fixture house;
  for (const std::string& bytes : {
           post_head + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
           post_head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           post_head + "Content-Length: -3\r\n\r\n",
           post_head + "Content-Length : 3\r\n\r\nabc",
           std::string("POST /echo HTTP/1.1\nHost: a\n\n"),
           std::string("POST /echo HTTP/1.1\r\nHost: a\r\nA: b\n\r\n\r\n"),
           std::string("POST /echo HTTP/1.1\r\n\r\n"),
           std::string("GET /a/../hello HTTP/1.1\r\nHost: a\r\n\r\n"),
       }) {
    CAPTURE(bytes);
    HttpClient client(house.server.port());
    CHECK(client.exchange(bytes).status == 400);
    CHECK(client.is_closed());
  }
  CHECK(house.calls == 0);
}

TEST_CASE("server: chunks are put together, and the connection ends [RFC 9112 §7.1]") {
  Fixture house;
  HttpClient client(house.server.port());
  const HttpAnswer answer = client.exchange(
      post_head +
      "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
  CHECK(answer.body == "abc0123456789");
  CHECK(answer.header("connection") == "close");
  CHECK(client.is_closed());
}

TEST_CASE("server: chunks that are not well formed are refused") {
  Fixture house;
  struct {
    const char* chunks;
    int status;
  } const rows[] = {{"FFFFFFFFFFFFFFFF\r\n", 413},
                    {"FFFFFFFFFFFFFFFFF\r\n", 400},
                    {"-1\r\n", 400},
                    {"x\r\n", 400},
                    {"3\nabc\r\n0\r\n\r\n", 400},
                    {"3\r\nabcd\r\n0\r\n\r\n", 400},
                    {" 3\r\nabc\r\n", 400},
                    {"186A1\r\n", 413}};
  for (const auto& row : rows) {
    CAPTURE(row.chunks);
    HttpClient client(house.server.port());
    CHECK(client.exchange(post_head + "Transfer-Encoding: chunked\r\n\r\n" + row.chunks).status ==
          row.status);
    CHECK(client.is_closed());
  }
  CHECK(house.calls == 0);
}

TEST_CASE("server: a body past the limit is answered 413 before it is read") {
  Fixture house;
  HttpClient client(house.server.port());
  CHECK(client.exchange(post_head + "Content-Length: 10000000000\r\n\r\n").status == 413);
  CHECK(client.is_closed());
  HttpClient other(house.server.port());
  CHECK(other.exchange("GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n").status == 413);
}

TEST_CASE("server: a client that waits for 100 Continue gets it, or the refusal [RFC 9110 §10.1.1]") {
  Fixture house;
  HttpClient client(house.server.port());
  CHECK(client.exchange(post_head + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n").status == 100);
  CHECK(client.exchange("ab").body == "ab");
  CHECK(client.exchange(post_head + "Content-Length: 100001\r\nExpect: 100-continue\r\n\r\n").status == 413);
}

TEST_CASE("server: who is not let in is told so before sending a body") {
  Fixture house;
  HttpClient client(house.server.port());
  const HttpAnswer answer =
      client.exchange("POST /secret HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n");
  CHECK(answer.status == 401);
  CHECK(answer.header("www-authenticate") == "Bearer realm=\"rollcall\"");
  CHECK(client.is_closed());
  CHECK(house.calls == 0);
}

TEST_CASE("server: heads without end are answered 431") {
  Fixture house;
  HttpClient client(house.server.port());
  CHECK(client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\nA: " + std::string(20'000, 'b')).status == 431);
}

TEST_CASE("server: one byte now and then buys no time, in the head or in the body") {
  Fixture house(impatient());
  for (const std::string& start :
       {std::string("GET /hello HTTP/1.1\r\nA: "), post_head + "Content-Length: 1000\r\n\r\n"}) {
    CAPTURE(start);
    HttpClient client(house.server.port());
    const auto begin = Clock::now();
    client.send(start);
    while (client.send("x") && Clock::now() - begin < milliseconds(600))
      std::this_thread::sleep_for(milliseconds(30));
    CHECK(client.read().status == 408);
    CHECK(Clock::now() - begin < std::chrono::seconds(3));
  }
}

TEST_CASE("server: idle connections end without an answer") {
  Fixture house(impatient());
  HttpClient fresh(house.server.port());
  CHECK(fresh.is_closed());
  HttpClient used(house.server.port());
  CHECK(used.request("GET", "/hello").status == 200);
  CHECK(used.is_closed());
}

TEST_CASE("server: a client that does not read its answer is left") {
  Fixture house(impatient());
  HttpClient client(house.server.port());
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(milliseconds(800));  // what is tested is that nothing is read meanwhile
  CHECK(client.read().status == 0);
}

TEST_CASE("server: slow clients of one address do not keep others out, and are bounded") {
  ServerSettings settings;
  settings.threads = 4;
  settings.connections_per_address = 3;
  Fixture house(settings);
  std::vector<std::unique_ptr<HttpClient>> slow;
  for (int i = 0; i < 3; ++i) {
    slow.push_back(std::make_unique<HttpClient>(house.server.port()));
    slow.back()->send("GET /he");
  }
  HttpClient fourth(house.server.port());
  CHECK(fourth.read().status == 503);
  slow.pop_back();
  int status = 0;
  for (int i = 0; i < 50 && status != 200; ++i) {  // until the server has seen the hang-up
    status = HttpClient(house.server.port()).request("GET", "/hello").status;
    if (status != 200) std::this_thread::sleep_for(milliseconds(20));
  }
  CHECK(status == 200);
}

TEST_CASE("server: stopping is quick, answers what is under way, and can be repeated") {
  Fixture house;
  HttpClient idle(house.server.port());
  CHECK(idle.request("GET", "/hello").status == 200);
  HttpClient busy(house.server.port());
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  while (house.calls == 0)
    std::this_thread::yield();
  const auto begin = Clock::now();
  house.server.stop();
  house.server.stop();
  CHECK(Clock::now() - begin < std::chrono::seconds(2));
  CHECK(busy.read().body == "slow");
  CHECK(idle.is_closed());
}

TEST_CASE("server: it listens on IPv6, and a taken port is an error") {
  ServerSettings settings;
  settings.host = "::1";
  Fixture house(settings);
  CHECK(HttpClient(house.server.port(), true).request("GET", "/hello").status == 200);
  CHECK(house.server.address() == "[::1]:" + std::to_string(house.server.port()));

  settings.port = house.server.port();
  Server second(house.router, settings);
  CHECK_FALSE(second.start().ok());
  settings.host = "no address";
  CHECK_FALSE(Server(house.router, settings).start().ok());
}

TEST_CASE("server: many clients at once are all answered") {
  Fixture house;
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  clients.reserve(8);
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      HttpClient client(house.server.port());
      for (int k = 0; k < 50; ++k)
        good += client.request("POST", "/echo", "", "text/plain", "x").body == "x";
    });
  for (std::thread& client : clients)
    client.join();
  CHECK(good == 400);
}
