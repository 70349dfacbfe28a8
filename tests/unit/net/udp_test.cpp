// SPDX-License-Identifier: Apache-2.0
#include "running_network.hpp"

#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using namespace rollcall::net::test;

TEST_CASE("udp: datagrams of both families come with their addresses, and answers go back") {
  for (const std::string_view host : {"127.0.0.1", "::1"}) {
    CAPTURE(host);
    RunningNetwork server(
        {.listens = {fmt::format("udp:{}:0", host[0] == ':' ? "[::1]" : host)}, .answer = echo});
    const Peer client = Peer::udp(endpoint(host));
    REQUIRE(client.send_to(server.address(0), "hello"));
    const auto received = server.journal.wait_for(0);
    REQUIRE(received);
    CHECK(received->bytes == "hello");
    CHECK(received->flow.transport == sip::Transport::udp);
    CHECK(received->flow.local == server.address(0));
    CHECK(received->flow.remote == client.local());
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->bytes == "hello");
    CHECK(answer->from == server.address(0));
  }
}

TEST_CASE("udp: a thousand datagrams in flight are all answered, each once") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0"}, .answer = echo});
  const Peer client = Peer::udp(endpoint("127.0.0.1"));
  std::set<std::string> answered;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 100; ++i)
      REQUIRE(client.send_to(server.address(0), fmt::format("message {} {}", round, i)));
    for (int i = 0; i < 100; ++i) {
      const auto answer = client.receive();
      REQUIRE(answer);
      answered.insert(answer->bytes);
    }
  }
  CHECK(answered.size() == 1'000);
}

TEST_CASE("udp: that the socket was full and lost datagrams is told") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0"}});
  const Peer client = Peer::udp(endpoint("127.0.0.1"));
  // Nothing is read meanwhile; each datagram takes some hundred bytes of the 16 MiB that the kernel has for
  // it.
  constexpr int more_than_fit = 60'000;
  server.on_shard(0, [&](engine::Wire&) {
    for (int i = 0; i < more_than_fit; ++i)
      REQUIRE(client.send_to(server.address(0), "hello"));
  });
  CHECK_FALSE(server.journal.overflowed());
  // The count of what was lost comes with a datagram that still found room.
  const base::Instant deadline = base::now() + patience;
  while (!server.journal.overflowed() && base::now() < deadline)
    REQUIRE(client.send_to(server.address(0), "hello"));
  CHECK(server.journal.overflowed());
}

TEST_CASE("udp: an answer leaves from the address that was called, on a listen for all addresses") {
  RunningNetwork server({.listens = {"udp:*:0"}, .answer = echo});
  for (std::size_t family = 0; family < server.network().addresses().size(); ++family) {
    const std::uint16_t port = server.address(family).port();
    const bool v4 = server.address(family).is_v4();
    const sip::Endpoint called = v4 ? endpoint("127.0.0.2", port) : endpoint("::1", port);
    const Peer client = Peer::udp(v4 ? endpoint("127.0.0.3") : endpoint("::1"));
    REQUIRE(client.send_to(called, "hello"));
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->from == called);
    CHECK(server.journal.wait_for(family)->flow.local == called);
  }
}

TEST_CASE("udp: keep-alives and empty datagrams are passed over in silence [RFC 5626 §4.4]") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0"}, .answer = echo});
  const Peer client = Peer::udp(endpoint("127.0.0.1"));
  const std::string_view nothings[] = {"", "\r\n", "\r\n\r\n", "jaK", std::string_view("\0\0\0\0", 4)};
  for (const std::string_view nothing : nothings)
    REQUIRE(client.send_to(server.address(0), nothing));
  REQUIRE(client.send_to(server.address(0), "hello"));
  CHECK(server.journal.wait_for(0)->bytes == "hello");
  CHECK(client.receive()->bytes == "hello");
  CHECK(server.journal.count() == 1);
}

TEST_CASE("udp: a STUN keep-alive is answered from the address that was called [RFC 5626 §3.5.2]") {
  RunningNetwork server({.listens = {"udp:*:0"}});
  const std::string request = std::string("\0\x01\0\0\x21\x12\xa4\x42", 8) + "transaction!";
  const Peer client = Peer::udp(endpoint("127.0.0.3"));
  const sip::Endpoint called = endpoint("127.0.0.2", server.address(0).port());
  REQUIRE(client.send_to(called, request));
  const auto answer = client.receive();
  REQUIRE(answer);
  CHECK(answer->from == called);
  CHECK(answer->bytes.starts_with("\x01\x01"));
  CHECK(answer->bytes.find("transaction!") == 8);
  CHECK(server.journal.count() == 0);
}

TEST_CASE("udp: a datagram as large as they can be arrives whole and goes out whole") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0"}, .answer = echo});
  const Peer client = Peer::udp(endpoint("127.0.0.1"));
  const std::string large(65'507, 'x');
  REQUIRE(client.send_to(server.address(0), large));
  CHECK(server.journal.wait_for(0)->bytes == large);
  CHECK(client.receive()->bytes == large);
}

TEST_CASE("udp: one body goes to many watchers, each with a head of its own") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0"}});
  const auto body = std::make_shared<const std::string>("the body");
  std::vector<Peer> watchers;
  watchers.reserve(200);
  for (int i = 0; i < 200; ++i)
    watchers.push_back(Peer::udp(endpoint("127.0.0.1")));
  server.on_shard(0, [&](engine::Wire& wire) {
    for (std::size_t i = 0; i < watchers.size(); ++i) {
      wire.send(udp_to(watchers[i].local()), fmt::format("head {}, ", i), body, 0);
    }
  });
  for (std::size_t i = 0; i < watchers.size(); ++i) {
    CHECK(watchers[i].receive()->bytes == fmt::format("head {}, the body", i));
  }
}

TEST_CASE("udp: thousands of datagrams sent in one turn leave in order") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0"}});
  const Peer client = Peer::udp(endpoint("127.0.0.1"));
  const int room = 8 * 1024 * 1024;
  ::setsockopt(client.fd(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
  const int count = 3'000;
  server.on_shard(0, [&](engine::Wire& wire) {
    for (int i = 0; i < count; ++i)
      wire.send(udp_to(client.local()), fmt::format("{}", i), nullptr, 0);
  });
  int last = -1;
  while (last < count - 1) {
    const auto datagram = client.receive(std::chrono::seconds(1));
    if (!datagram) break;
    const int number = std::stoi(datagram->bytes);
    CHECK(number > last);
    last = number;
  }
  // The kernel may drop what the client has no room for, but never all that comes at the end.
  CHECK(last >= 200);
}

TEST_CASE("udp: without a local address the socket is chosen that can reach the remote") {
  RunningNetwork server({.listens = {"udp:[::1]:0", "udp:127.0.0.1:0"}});
  const Peer client = Peer::udp(endpoint("127.0.0.1"));
  server.on_shard(0, [&](engine::Wire& wire) { wire.send(udp_to(client.local()), "hello", nullptr, 0); });
  CHECK(client.receive()->from == server.address(1));
}

TEST_CASE("udp: a port where nobody listens fails the send [RFC 3261 §18.4]") {
  for (const std::string_view host : {"127.0.0.1", "::1"}) {
    CAPTURE(host);
    // Two shards: ICMP may come to the one that has not sent.
    RunningNetwork server(
        {.listens = {fmt::format("udp:{}:0", host[0] == ':' ? "[::1]" : host)}, .shards = 2});
    for (std::uint64_t token = 1; token <= 8; ++token) {
      Peer gone = Peer::udp(endpoint(host));
      const sip::Endpoint remote = gone.local();
      gone.close();
      server.on_shard(1, [&](engine::Wire& wire) { wire.send(udp_to(remote), "hello", nullptr, token); });
      const auto failures = server.journal.wait_for_failures(token);
      REQUIRE(failures.size() == token);
      CHECK(failures.back() == Journal::Failure{token, 1});
    }
  }
}

TEST_CASE("udp: an unreachable peer does not disturb what goes to others in the same turn") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0"}});
  Peer gone = Peer::udp(endpoint("127.0.0.1"));
  const sip::Endpoint nobody = gone.local();
  gone.close();
  const Peer client = Peer::udp(endpoint("127.0.0.1"));
  for (int round = 0; round < 20; ++round) {
    server.on_shard(0, [&](engine::Wire& wire) {
      wire.send(udp_to(nobody), "lost", nullptr, 1);
      wire.send(udp_to(client.local()), fmt::format("{}", round), nullptr, 2);
    });
    CHECK(client.receive()->bytes == fmt::format("{}", round));
  }
  for (const auto& failure : server.journal.wait_for_failures(20))
    CHECK(failure.token == 1);
}

TEST_CASE("udp: what no datagram can hold fails and the rest is sent") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0"}});
  const Peer client = Peer::udp(endpoint("127.0.0.1"));
  server.on_shard(0, [&](engine::Wire& wire) {
    wire.send(udp_to(client.local()), std::string(70'000, 'x'), nullptr, 5);
    wire.send(udp_to(client.local()), "hello", nullptr, 6);
  });
  CHECK(client.receive()->bytes == "hello");
  CHECK(server.journal.wait_for_failures(1) == std::vector<Journal::Failure>{{5, 0}});
}

TEST_CASE("udp: no socket of the family fails the send") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0"}});
  server.on_shard(0,
                  [&](engine::Wire& wire) { wire.send(udp_to(endpoint("::1", 5060)), "hello", nullptr, 7); });
  CHECK(server.journal.wait_for_failures(1) == std::vector<Journal::Failure>{{7, 0}});
}

TEST_CASE("udp: every shard has its socket on the same port, and each client stays with one of them") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0"}, .shards = 4, .answer = echo});
  std::set<std::uint16_t> shards;
  std::size_t count = 0;
  for (int i = 0; i < 64; ++i) {
    const Peer client = Peer::udp(endpoint("127.0.0.1"));
    std::set<std::uint16_t> of_client;
    for (int j = 0; j < 3; ++j) {
      REQUIRE(client.send_to(server.address(0), "hello"));
      REQUIRE(client.receive());
      of_client.insert(server.journal.wait_for(count++)->shard);
    }
    CHECK(of_client.size() == 1);
    shards.merge(of_client);
  }
  CHECK(shards.size() > 1);
}
