// SPDX-License-Identifier: Apache-2.0
#include "running_network.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using namespace rollcall::net::test;

namespace {

std::string message(int number, std::string_view body = "") {
  return fmt::format(
      "MESSAGE sip:bob@example.com SIP/2.0\r\nCSeq: {} MESSAGE\r\nContent-Length: {}\r\n\r\n{}", number,
      body.size(), body);
}

Options tcp_only(TestShard::Answer answer = {}) {
  Options options;
  options.listens = {"tcp:127.0.0.1:0"};
  options.answer = std::move(answer);
  return options;
}

}  // namespace

// ---- receiving ----

TEST_CASE("tcp: a message comes with its flow, and the answer goes back on the same connection") {
  for (const std::string_view host : {"127.0.0.1", "[::1]"}) {
    CAPTURE(host);
    Options options;
    options.listens = {fmt::format("tcp:{}:0", host)};
    options.answer = echo;
    RunningNetwork server(options);
    const Peer client = Peer::tcp(server.address(0));
    REQUIRE(client.send(message(1, "hello")));
    const auto received = server.journal.wait_for(0);
    REQUIRE(received);
    CHECK(received->bytes == message(1, "hello"));
    CHECK(received->flow.transport == sip::Transport::tcp);
    CHECK(received->flow.local == server.address(0));
    CHECK(received->flow.remote == client.local());
    CHECK(received->flow.connection != 0);
    CHECK(client.read(message(1, "hello").size()) == message(1, "hello"));
  }
}

TEST_CASE("tcp: the flow shows the address that was called, on a listen for all addresses") {
  Options options;
  options.listens = {"tcp:*:0"};
  RunningNetwork server(options);
  const sip::Endpoint called = endpoint("127.0.0.2", server.address(0).port());
  REQUIRE(Peer::tcp(called).send(message(1)));
  CHECK(server.journal.wait_for(0)->flow.local == called);
}

TEST_CASE("tcp: many messages in one piece are all answered in order") {
  RunningNetwork server(tcp_only(echo));
  const Peer client = Peer::tcp(server.address(0));
  std::string all;
  for (int i = 0; i < 500; ++i)
    all += message(i, "hello");
  REQUIRE(client.send(all));
  CHECK(client.read(all.size()) == all);
}

TEST_CASE("tcp: a ping is answered with a pong, and one CRLF with nothing [RFC 5626 §3.5.1]") {
  RunningNetwork server(tcp_only(echo));
  const Peer client = Peer::tcp(server.address(0));
  REQUIRE(client.send("\r\n\r\n"));
  CHECK(client.read(2) == "\r\n");
  REQUIRE(client.send("\r\n"));
  REQUIRE(client.send(message(1)));
  CHECK(client.read(message(1).size()) == message(1));
  CHECK(server.journal.count() == 1);
}

TEST_CASE("tcp: what cannot be framed is answered, and then the connection ends [RFC 3261 §18.3]") {
  RunningNetwork server(tcp_only([](engine::Wire& wire, const Received& received) {
    wire.send(received.flow, "SIP/2.0 400 Bad Request\r\n\r\n", nullptr, 0);
  }));
  const Peer client = Peer::tcp(server.address(0));
  // More follows, which is thrown away, and does not take the answer with it.
  REQUIRE(client.send("OPTIONS sip:example.com SIP/2.0\r\n\r\n" + std::string(100'000, 'x')));
  CHECK(client.read_to_end() == "SIP/2.0 400 Bad Request\r\n\r\n");
  CHECK(server.journal.count() == 1);
  CHECK_FALSE(server.network().wire(0).is_open(server.journal.wait_for(0)->flow));
}

// ---- limits ----

TEST_CASE("tcp: a connection that brings no message is closed, pings or not") {
  Options options = tcp_only();
  options.limits.connection_first_message_seconds = 1;
  RunningNetwork server(options);
  const Peer silent = Peer::tcp(server.address(0));
  const Peer pinging = Peer::tcp(server.address(0));
  REQUIRE(pinging.send("\r\n\r\n"));
  CHECK(silent.is_closed_soon());
  CHECK(pinging.is_closed_soon());
  CHECK(server.wait_for_connections(0));
}

TEST_CASE("tcp: a message that arrives too slowly ends the connection, whole ones never do") {
  Options options = tcp_only(echo);
  options.limits.message_arrival_seconds = 0;
  RunningNetwork server(options);
  const Peer quick = Peer::tcp(server.address(0));
  const Peer slow = Peer::tcp(server.address(0));
  REQUIRE(quick.send(message(1)));
  REQUIRE(slow.send(message(1)));
  CHECK(slow.read(message(1).size()) == message(1));
  REQUIRE(slow.send("MESSAGE sip:b"));
  CHECK(slow.is_closed_soon());
  REQUIRE(quick.send(message(2)));
  CHECK(quick.read(2 * message(1).size()) == message(1) + message(2));
}

TEST_CASE("tcp: bytes that trickle do not put off the end of a message that does not come") {
  Options options = tcp_only();
  options.limits.message_arrival_seconds = 1;
  RunningNetwork server(options);
  const Peer slow = Peer::tcp(server.address(0));
  const base::Instant begin = base::now();
  bool closed = false;
  while (!closed && base::now() - begin < patience) {
    slow.send("x");
    closed = slow.receive(std::chrono::milliseconds(50)).has_value();
  }
  CHECK(closed);
  CHECK(base::now() - begin >= std::chrono::seconds(1));
}

TEST_CASE("tcp: a connection that is silent for too long is closed") {
  Options options = tcp_only(echo);
  options.limits.connection_idle_seconds = 1;
  RunningNetwork server(options);
  const Peer client = Peer::tcp(server.address(0));
  REQUIRE(client.send(message(1)));
  CHECK(client.read_to_end() == message(1));
}

TEST_CASE("tcp: connections past the limit of an address are closed at once, the others stay") {
  Options options = tcp_only(echo);
  options.limits.connections_per_address = 3;
  RunningNetwork server(options);
  std::vector<Peer> clients;
  clients.reserve(3);
  for (int i = 0; i < 3; ++i)
    clients.push_back(Peer::tcp(server.address(0)));
  REQUIRE(server.wait_for_connections(3));
  CHECK(Peer::tcp(server.address(0)).is_closed_soon());
  for (const Peer& client : clients) {
    REQUIRE(client.send(message(1)));
    CHECK(client.read(message(1).size()) == message(1));
  }
  clients.pop_back();
  REQUIRE(server.wait_for_connections(2));
  const Peer next = Peer::tcp(server.address(0));
  REQUIRE(next.send(message(2)));
  CHECK(next.read(message(2).size()) == message(2));
}

TEST_CASE("tcp: a peer that does not read is closed past its bytes, and what waits for it fails") {
  Options options = tcp_only();
  options.limits.connection_send_bytes = 65'536;
  RunningNetwork server(options);
  const Peer client = Peer::tcp(server.address(0));
  REQUIRE(client.send(message(1)));
  const sip::Flow flow = server.journal.wait_for(0)->flow;
  const auto body = std::make_shared<const std::string>(1'000'000, 'x');
  bool open = true;
  for (std::uint64_t token = 1; open && token <= 100; ++token) {
    server.on_shard(0, [&](engine::Wire& wire) {
      wire.send(flow, "head", body, token);
      open = wire.is_open(flow);
    });
  }
  CHECK_FALSE(open);
  CHECK_FALSE(server.journal.wait_for_failures(1).empty());
  // Others are served as ever.
  const Peer other = Peer::tcp(server.address(0));
  REQUIRE(other.send(message(2)));
  CHECK(server.journal.wait_for(1)->bytes == message(2));
}

TEST_CASE("tcp: megabytes reach a peer that reads, whatever the socket takes at a time") {
  RunningNetwork server(tcp_only());
  const Peer client = Peer::tcp(server.address(0));
  REQUIRE(client.send(message(1)));
  const sip::Flow flow = server.journal.wait_for(0)->flow;
  const auto body = std::make_shared<const std::string>(1'000, 'x');
  std::string expected;
  for (int i = 0; i < 3'000; ++i)
    expected += fmt::format("head {} ", i) + *body;
  server.on_shard(0, [&](engine::Wire& wire) {
    for (int i = 0; i < 3'000; ++i)
      wire.send(flow, fmt::format("head {} ", i), body, 0);
  });
  CHECK(client.read(expected.size()) == expected);
}

// ---- sending to a peer ----

TEST_CASE("tcp: a send without a connection opens one, and the next one uses it again") {
  RunningNetwork server(tcp_only());
  const Peer listening = Peer::listening(endpoint("127.0.0.1"));
  server.on_shard(0, [&](engine::Wire& wire) {
    wire.send(tcp_to(listening.local()), message(1), nullptr, 1);
    wire.send(tcp_to(listening.local()), message(2), nullptr, 2);
  });
  const Peer called = listening.accept();
  REQUIRE(called.is_valid());
  CHECK(called.read(2 * message(1).size()) == message(1) + message(2));
  server.on_shard(0,
                  [&](engine::Wire& wire) { wire.send(tcp_to(listening.local()), message(3), nullptr, 3); });
  CHECK(called.read(message(3).size()) == message(3));
  CHECK(server.connections() == 1);
}

TEST_CASE("tcp: what comes on a connection that we opened shows the address where we can be called") {
  RunningNetwork server(tcp_only(echo));
  const Peer listening = Peer::listening(endpoint("127.0.0.1"));
  server.on_shard(0,
                  [&](engine::Wire& wire) { wire.send(tcp_to(listening.local()), message(1), nullptr, 0); });
  const Peer called = listening.accept();
  REQUIRE(called.send(message(2)));
  const auto received = server.journal.wait_for(0);
  REQUIRE(received);
  CHECK(received->flow.local == server.address(0));
  CHECK(received->flow.remote == listening.local());
  CHECK(called.read(2 * message(1).size()) == message(1) + message(2));
}

TEST_CASE("tcp: a send to the address of a client uses the connection that the client has opened") {
  RunningNetwork server(tcp_only());
  const Peer client = Peer::tcp(server.address(0));
  REQUIRE(client.send(message(1)));
  REQUIRE(server.journal.wait_for(0));
  server.on_shard(0, [&](engine::Wire& wire) { wire.send(tcp_to(client.local()), message(2), nullptr, 0); });
  CHECK(client.read(message(2).size()) == message(2));
}

TEST_CASE("tcp: a connection that is refused fails every send that waits for it [RFC 3261 §18.4]") {
  RunningNetwork server(tcp_only());
  Peer gone = Peer::listening(endpoint("127.0.0.1"));
  const sip::Endpoint nobody = gone.local();
  gone.close();
  server.on_shard(0, [&](engine::Wire& wire) {
    wire.send(tcp_to(nobody), message(1), nullptr, 11);
    wire.send(tcp_to(nobody), message(2), nullptr, 0);
    wire.send(tcp_to(nobody), message(3), nullptr, 12);
  });
  CHECK(server.journal.wait_for_failures(2) == std::vector<Journal::Failure>{{11, 0}, {12, 0}});
  CHECK(server.wait_for_connections(0));
}

TEST_CASE("tcp: a connection that nobody answers fails in seconds") {
  RunningNetwork server(tcp_only());
  // A listener whose queue is full lets further connections wait.
  const Peer listening = Peer::listening(endpoint("127.0.0.1"));
  ::listen(listening.fd(), 0);
  const Peer filling = Peer::tcp(listening.local());
  server.on_shard(0,
                  [&](engine::Wire& wire) { wire.send(tcp_to(listening.local()), message(1), nullptr, 21); });
  CHECK(server.journal.wait_for_failures(1) == std::vector<Journal::Failure>{{21, 0}});
}

TEST_CASE("tcp: a send on a connection that has ended fails, and its number is not used again") {
  RunningNetwork server(tcp_only());
  sip::Flow ended;
  {
    const Peer client = Peer::tcp(server.address(0));
    REQUIRE(client.send(message(1)));
    ended = server.journal.wait_for(0)->flow;
    CHECK(server.network().wire(0).is_open(ended));
  }
  REQUIRE(server.wait_for_connections(0));
  CHECK_FALSE(server.network().wire(0).is_open(ended));
  const Peer other = Peer::tcp(server.address(0));
  REQUIRE(other.send(message(2)));
  CHECK(server.journal.wait_for(1)->flow.connection != ended.connection);
  server.on_shard(0, [&](engine::Wire& wire) { wire.send(ended, message(3), nullptr, 31); });
  CHECK(server.journal.wait_for_failures(1) == std::vector<Journal::Failure>{{31, 0}});
}

TEST_CASE("tcp: a transport that is not served fails the send") {
  RunningNetwork server(tcp_only());
  const Peer listening = Peer::listening(endpoint("127.0.0.1"));
  sip::Flow flow = tcp_to(listening.local());
  flow.transport = sip::Transport::tls;
  server.on_shard(0, [&](engine::Wire& wire) { wire.send(flow, message(1), nullptr, 41); });
  CHECK(server.journal.wait_for_failures(1) == std::vector<Journal::Failure>{{41, 0}});
}

// ---- several shards ----

TEST_CASE("tcp: a send from another shard leaves on the connection of the one that owns it") {
  Options options = tcp_only();
  options.shards = 2;
  RunningNetwork server(options);
  for (std::size_t i = 0; i < 8; ++i) {
    const Peer client = Peer::tcp(server.address(0));
    REQUIRE(client.send(message(1)));
    const auto received = server.journal.wait_for(i);
    REQUIRE(received);
    CHECK(received->flow.shard == received->shard);
    const std::size_t other = 1 - received->shard;
    bool open = false;
    server.on_shard(other, [&](engine::Wire& wire) {
      open = wire.is_open(received->flow);
      wire.send(received->flow, message(2), std::make_shared<const std::string>("body"), 1);
    });
    CHECK(open);
    CHECK(client.read(message(2).size() + 4) == message(2) + "body");
  }
}

TEST_CASE("tcp: a send that fails on another shard is told to the one that sent") {
  Options options = tcp_only();
  options.shards = 2;
  RunningNetwork server(options);
  sip::Flow ended;
  {
    const Peer client = Peer::tcp(server.address(0));
    REQUIRE(client.send(message(1)));
    ended = server.journal.wait_for(0)->flow;
  }
  REQUIRE(server.wait_for_connections(0));
  const auto other = static_cast<std::uint16_t>(1 - ended.shard);
  server.on_shard(other, [&](engine::Wire& wire) { wire.send(ended, message(2), nullptr, 51); });
  CHECK(server.journal.wait_for_failures(1) == std::vector<Journal::Failure>{{51, other}});
  ended.shard = 9;
  server.on_shard(other, [&](engine::Wire& wire) { wire.send(ended, message(2), nullptr, 52); });
  CHECK(server.journal.wait_for_failures(2).back() == Journal::Failure{52, other});
}
