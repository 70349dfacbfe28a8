// SPDX-License-Identifier: Apache-2.0
#include "running_network.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>

using namespace rollcall;
using namespace rollcall::net::test;

namespace {

constexpr std::string_view message = "OPTIONS sip:example.com SIP/2.0\r\nContent-Length: 0\r\n\r\n";

/// A process of its own that opens so many connections and holds them until it is let go: the files
/// of both sides would be too many for one process.
class Crowd {
 public:
  Crowd(const sip::Endpoint& server, int count) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::close(ends[1]);
      hold(net::to_socket_address(server), count, ends[0]);
    }
    ::close(ends[0]);
    leash_ = net::Descriptor(ends[1]);
  }
  ~Crowd() {
    leash_.reset();
    ::waitpid(child_, nullptr, 0);
  }

 private:
  // After a fork from a program with threads: system calls and nothing else.
  [[noreturn]] static void hold(const net::SocketAddress& server, int count, int leash) {
    for (int i = 0; i < count; ++i) {
      const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
      if (::connect(socket, &server.any, net::length_of(server)) != 0) break;
    }
    char byte = 0;
    while (::read(leash, &byte, 1) > 0) {
    }
    ::_exit(0);
  }

  pid_t child_ = -1;
  net::Descriptor leash_;
};

base::Result<std::unique_ptr<net::Network>> try_to_open(std::string_view listen) {
  static const base::Limits limits;
  static base::Metrics metrics;
  static std::vector<std::unique_ptr<engine::Mailbox>> mailboxes;
  if (mailboxes.empty()) mailboxes.push_back(std::make_unique<engine::Mailbox>());
  return net::Network::open(net::parse_listen(listen).value(), mailboxes, limits, metrics);
}

}  // namespace

TEST_CASE("network: an address that somebody else has stops the start, with its name") {
  RunningNetwork server({.shards = 2});
  for (const auto& listen : server.network().addresses()) {
    const auto second = try_to_open(listen.to_string());
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().detail == listen.to_string() + ": Address already in use");
  }
}

TEST_CASE("network: an address that the machine does not have stops the start, with its name") {
  const auto network = try_to_open("udp:192.0.2.1:5060");
  REQUIRE_FALSE(network.ok());
  CHECK(network.error().detail.starts_with("udp:192.0.2.1:5060: "));
}

TEST_CASE("network: port 0 becomes a port that all shards share") {
  RunningNetwork server({.listens = {"udp:127.0.0.1:0", "tcp:127.0.0.1:0", "udp:[::1]:0"}, .shards = 3});
  REQUIRE(server.network().addresses().size() == 3);
  for (const auto& listen : server.network().addresses())
    CHECK(listen.address.port() != 0);
}

TEST_CASE("network: what was sent before the stop still leaves, then connections end") {
  RunningNetwork server({.answer = echo});
  const Peer client = Peer::tcp(server.address(1));
  REQUIRE(client.send(message));
  const sip::Flow flow = server.journal.wait_for(0)->flow;
  REQUIRE(client.read(message.size()) == message);
  const auto body = std::make_shared<const std::string>(1'000'000, 'x');
  server.on_shard(0, [&](engine::Wire& wire) { wire.send(flow, "last", body, 0); });
  std::optional<std::string> rest;
  std::thread reading([&] { rest = client.read_to_end(); });
  server.network().stop(patience);
  reading.join();
  REQUIRE(rest);
  CHECK(rest->size() == body->size() + 4);
  CHECK(server.connections() == 0);
}

TEST_CASE("network: a peer that does not read holds up the stop no longer than allowed") {
  Options options;
  options.limits.connection_send_bytes = 100'000'000;
  RunningNetwork server(options);
  const Peer client = Peer::tcp(server.address(1));
  REQUIRE(client.send(message));
  const sip::Flow flow = server.journal.wait_for(0)->flow;
  // More than the system's buffers hold.
  const auto body = std::make_shared<const std::string>(50'000'000, 'x');
  server.on_shard(0, [&](engine::Wire& wire) { wire.send(flow, "", body, 0); });
  const base::Instant begin = base::now();
  server.network().stop(std::chrono::milliseconds(200));
  CHECK(base::now() - begin >= std::chrono::milliseconds(200));
  CHECK(base::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("network: once it stops accepting, who is there is served and who comes is refused") {
  RunningNetwork server({.answer = echo});
  const Peer client = Peer::tcp(server.address(1));
  REQUIRE(client.send(message));
  REQUIRE(client.read(message.size()) == message);
  server.network().stop_accepting();
  server.settle();
  CHECK_FALSE(Peer::tcp(server.address(1)).is_valid());
  REQUIRE(client.send(message));
  CHECK(client.read(message.size()) == message);
}

TEST_CASE("network: a stop without a start, and a second stop, do nothing") {
  auto network = try_to_open("udp:127.0.0.1:0");
  REQUIRE(network.ok());
  (*network)->stop();
  RunningNetwork server;
  server.network().stop();
  server.network().stop();
  CHECK(server.connections() == 0);
}

TEST_CASE("network: a port is free again as soon as the network is gone") {
  std::string address;
  {
    RunningNetwork server({.listens = {"tcp:127.0.0.1:0"}, .answer = echo});
    address = server.network().addresses()[0].to_string();
    const Peer client = Peer::tcp(server.address(0));
    REQUIRE(client.send(message));
    REQUIRE(client.read(message.size()) == message);
  }
  CHECK(try_to_open(address).ok());
}

TEST_CASE("network: ten thousand idle connections leave the next client its normal service") {
  constexpr int reserve = 200;
  const auto files = static_cast<int>(net::raise_open_file_limit());
  const int crowd_size = std::min(10'000, files - reserve);
  Options options{.shards = 2, .answer = echo};
  options.limits.connections_per_address = 20'000;
  RunningNetwork server(options);
  const Crowd crowd(server.address(1), crowd_size);
  REQUIRE(server.wait_for_connections(crowd_size));
  const Peer client = Peer::tcp(server.address(1));
  const Peer datagrams = Peer::udp(endpoint("127.0.0.1"));
  for (int i = 0; i < 100; ++i) {
    const base::Instant begin = base::now();
    REQUIRE(client.send(message));
    REQUIRE(client.read(message.size()) == message);
    REQUIRE(datagrams.send_to(server.address(0), message));
    REQUIRE(datagrams.receive()->bytes == message);
    CHECK(base::now() - begin < std::chrono::seconds(1));
  }
}
