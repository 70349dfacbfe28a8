// SPDX-License-Identifier: Apache-2.0
// Where the answers of a shard go.
#include <string>

#include <rollcall/engine/shard.hpp>

#include <doctest/doctest.h>
#include <support/recording_user.hpp>
#include <support/shards.hpp>
#include <support/sip_text.hpp>

using namespace rollcall;
using namespace rollcall::tests;
using namespace std::chrono_literals;

namespace {

struct Server {
  explicit Server(const base::Limits& limits = {}) : shards(1, limits) {
    shards.shard().transactions().set_user(user);
  }
  void receive(const RequestText& text, const sip::Flow& from) { shards.receive(text.bytes(), from); }
  void answer(int status) { shards.shard().reply(user.requests.at(0), sip::Reply(status), "s1"); }
  std::string answered_to() { return shards.wire().take_one().flow.to_string(); }

  Shards shards;
  RecordingUser user;
};

/// A client that sends from one port and listens on another.
const RequestText two_ports{.via = "SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1"};
sip::Flow from_other_port() {
  return flow_of("udp:192.0.2.9:5060>192.0.2.1:40112");
}
const std::string to_its_port = "udp:192.0.2.9:5060>192.0.2.1:5070";

const RequestText by_tcp{.via = "SIP/2.0/TCP 192.0.2.1:5070;branch=z9hG4bK1"};
sip::Flow connection(std::uint64_t number) {
  return flow_of("tcp:192.0.2.9:5060>192.0.2.1:40112", number);
}

}  // namespace

TEST_CASE("way back: answer, 100 and repetition go to the port of sent-by without rport [RFC 3261 §18.2.2]") {
  Server server;
  RequestText invite = two_ports;
  invite.method = "INVITE";
  server.receive(invite, from_other_port());
  server.shards.pass(300ms);
  CHECK(server.answered_to() == to_its_port);
  server.answer(486);
  CHECK(server.answered_to() == to_its_port);
  server.receive(invite, from_other_port());
  CHECK(server.answered_to() == to_its_port);
}

TEST_CASE("way back: a malformed request is answered there too [RFC 3261 §18.2.2]") {
  Server server;
  RequestText broken = two_ports;
  broken.from = "nobody";
  server.receive(broken, from_other_port());
  CHECK(server.answered_to() == to_its_port);
}

TEST_CASE("way back: so is one that is refused for overload [RFC 3261 §18.2.2]") {
  Server server;
  server.shards.shard().stop_taking_work();
  server.receive(two_ports, from_other_port());
  CHECK(server.answered_to() == to_its_port);
}

TEST_CASE("way back: a connection that has gone is opened to the port of sent-by [RFC 3261 §18.2.2]") {
  Server server;
  server.receive(by_tcp, connection(7));
  server.shards.wire().close(7);
  server.answer(200);
  const Sent answer = server.shards.wire().take_one();
  CHECK(answer.flow.to_string() == "tcp:192.0.2.9:5060>192.0.2.1:5070");
  CHECK(answer.flow.connection == 0);
}

TEST_CASE("way back: who asks again on a new connection is answered on it") {
  Server server;
  server.receive(by_tcp, connection(7));
  server.shards.wire().close(7);
  server.receive(by_tcp, connection(8));
  server.answer(200);
  CHECK(server.shards.wire().take_one().flow.connection == 8);
}
