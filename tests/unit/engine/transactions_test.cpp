// SPDX-License-Identifier: Apache-2.0
// The server half of Transactions; the client half is in client_transactions_test.cpp.
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
  explicit Server(const base::Limits& limits = {}) : shards(1, limits) { transactions().set_user(user); }
  engine::Transactions& transactions() { return shards.shard().transactions(); }
  RecordingWire& wire() { return shards.wire(); }
  void receive(const RequestText& text) { shards.receive(text.bytes(), flow); }
  void answer(std::size_t request, int status) {
    shards.shard().reply(user.requests.at(request), sip::Reply(status), "s1");
  }

  Shards shards;
  RecordingUser user;
  sip::Flow flow = flow_of("udp:192.0.2.9:5060>192.0.2.1:5060");
};

const RequestText options{};
const RequestText invite{.method = "INVITE"};
const RequestText cancel{.method = "CANCEL"};
RequestText ack_to(const RequestText& text, std::string_view via) {
  RequestText ack = text;
  ack.method = "ACK";
  ack.via = via;
  ack.to += ";tag=s1";
  return ack;
}

}  // namespace

TEST_CASE("transactions: a request that comes again is answered from its transaction [RFC 3261 §17.2.2]") {
  Server server;
  server.receive(options);
  server.receive(options);
  CHECK(server.user.requests.size() == 1);
  CHECK(server.wire().take().empty());
  server.answer(0, 200);
  const std::string answer = server.wire().take_one().bytes;
  server.receive(options);
  CHECK(server.user.requests.size() == 1);
  CHECK(server.wire().take_one().bytes == answer);
  CHECK(server.shards.metrics().read(base::Metric::retransmissions) == 2);
}

TEST_CASE("transactions: a request is answered once [RFC 3261 §17.2.2]") {
  Server server;
  server.receive(options);
  server.answer(0, 200);
  server.answer(0, 500);
  CHECK(server.wire().take_kinds() == "200 OPTIONS");
}

TEST_CASE(
    "transactions: the same branch with another method or another sent-by is another request [RFC 3261 "
    "§17.2.3]") {
  Server server;
  server.receive(options);
  RequestText other = options;
  other.method = "INFO";
  server.receive(other);
  other = options;
  other.via = "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1;rport";
  server.receive(other);
  CHECK(server.user.requests.size() == 3);
}

TEST_CASE("transactions: a client of RFC 2543 is known by what its requests hold [RFC 3261 §17.2.3]") {
  Server server;
  RequestText old = options;
  old.via = "SIP/2.0/UDP 192.0.2.1:5060";
  server.receive(old);
  server.answer(0, 200);
  server.wire().take();
  server.receive(old);
  CHECK(server.user.requests.size() == 1);
  CHECK(server.wire().take_kinds() == "200 OPTIONS");
  old.cseq = 2;
  server.receive(old);
  CHECK(server.user.requests.size() == 2);
}

TEST_CASE("transactions: ACK of a client of RFC 2543 finds its INVITE [RFC 3261 §17.2.3]") {
  Server server;
  RequestText old = invite;
  old.via = "SIP/2.0/UDP 192.0.2.1:5060";
  server.receive(old);
  server.answer(0, 486);
  server.receive(ack_to(old, old.via));
  server.wire().take();
  server.shards.pass(10s);
  CHECK(server.wire().take_kinds().empty());
  CHECK(server.user.acks.empty());
  CHECK(server.transactions().server_count() == 0);
}

TEST_CASE(
    "transactions: an INVITE that nobody answers gets a 100 after 200 ms, without a To tag [RFC 3261 "
    "§17.2.1]") {
  Server server;
  server.receive(invite);
  server.shards.pass(150ms);
  CHECK(server.wire().take().empty());
  server.shards.pass(100ms);
  const Sent trying = server.wire().take_one();
  CHECK(trying.kind() == "100 INVITE");
  CHECK(trying.header(sip::Header::to) == "<sip:bob@example.com>");
  CHECK(trying.header(sip::Header::via) ==
        "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport=5060;received=192.0.2.1");
}

TEST_CASE(
    "transactions: a refused INVITE is answered again until its ACK comes, and then forgotten [RFC 3261 "
    "§17.2.1]") {
  Server server;
  server.receive(invite);
  server.answer(0, 486);
  server.shards.pass(600ms);
  CHECK(server.wire().take_kinds() == "486 INVITE, 486 INVITE");
  server.receive(ack_to(invite, invite.via));
  server.shards.pass(10s);
  CHECK(server.wire().take().empty());
  CHECK(server.user.acks.empty());
  CHECK(server.transactions().server_count() == 0);
}

TEST_CASE(
    "transactions: a 2xx to INVITE passes each time that it comes, no other answer after it [RFC 6026 "
    "§7.1]") {
  Server server;
  server.receive(invite);
  server.answer(0, 180);
  server.answer(0, 200);
  server.answer(0, 200);
  server.answer(0, 486);
  server.answer(0, 180);
  CHECK(server.wire().take_kinds() == "180 INVITE, 200 INVITE, 200 INVITE");
  server.shards.pass(33s);
  server.answer(0, 200);
  CHECK(server.wire().take_kinds().empty());
  CHECK(server.transactions().server_count() == 0);
}

TEST_CASE("transactions: the ACK for a 2xx is handed on [RFC 6026 §7.1]") {
  Server server;
  server.receive(invite);
  server.answer(0, 200);
  server.receive(ack_to(invite, "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK2"));
  REQUIRE(server.user.acks.size() == 1);
  CHECK(server.user.acks[0].transaction.number == 0);
  CHECK(server.user.acks[0].flow == server.flow);
}

TEST_CASE("transactions: CANCEL is answered at once, and the user of the INVITE is told [RFC 3261 §9.2]") {
  Server server;
  server.receive(invite);
  server.receive(cancel);
  CHECK(server.wire().take_kinds() == "200 CANCEL");
  REQUIRE(server.user.cancels.size() == 1);
  CHECK(server.user.cancels[0] == server.user.requests[0].transaction);
  CHECK(server.user.requests.size() == 1);
}

TEST_CASE("transactions: a CANCEL for nothing is answered 481 [RFC 3261 §9.2]") {
  Server server;
  server.receive(cancel);
  CHECK(server.wire().take_kinds() == "481 CANCEL");
  CHECK(server.user.cancels.empty());
}

TEST_CASE("transactions: a CANCEL that overtook its INVITE is told again with the 100 [RFC 3261 §9.2]") {
  Server server;
  server.receive(invite);
  server.receive(cancel);
  CHECK(server.user.cancels.size() == 1);
  server.answer(0, 100);
  REQUIRE(server.user.cancels.size() == 2);
  CHECK(server.user.cancels[1] == server.user.requests.at(0).transaction);
  server.answer(0, 487);
  server.answer(0, 100);
  CHECK(server.user.cancels.size() == 2);
}

TEST_CASE("transactions: a CANCEL that comes after the answer has no effect [RFC 3261 §9.2]") {
  Server server;
  server.receive(invite);
  server.answer(0, 486);
  server.wire().take();
  server.receive(cancel);
  CHECK(server.wire().take_kinds() == "200 CANCEL");
  CHECK(server.user.cancels.empty());
}

TEST_CASE("transactions: what is never answered is forgotten when its client has given up [RFC 4320 §4.2]") {
  Server server;
  server.receive(options);
  CHECK(server.transactions().unanswered() == 1);
  server.shards.pass(33s);
  CHECK(server.transactions().server_count() == 0);
  CHECK(server.transactions().unanswered() == 0);
  server.wire().take();
  server.answer(0, 200);
  CHECK(server.wire().take().empty());
}

TEST_CASE("transactions: past the limit new requests are answered 503 with Retry-After, known ones go on") {
  base::Limits limits;
  limits.server_transactions = 1;
  Server server(limits);
  server.receive(options);
  RequestText second = options;
  second.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK2;rport";
  server.receive(second);
  const Sent refused = server.wire().take_one();
  CHECK(refused.kind() == "503 OPTIONS");
  CHECK(refused.header(sip::Header::retry_after) == "5");
  server.receive(second);
  CHECK(server.wire().take_one().bytes == refused.bytes);
  CHECK(server.user.requests.size() == 1);
  CHECK(server.transactions().server_count() == 1);
  server.answer(0, 200);
  CHECK(server.wire().take_kinds() == "200 OPTIONS");
}

TEST_CASE(
    "transactions: while requests wait to be read, new ones are refused, and what is under way goes on") {
  base::Limits limits;
  limits.busy_milliseconds = 100;
  Server server(limits);
  const auto numbered = [](std::string method, int i) {
    RequestText text{.method = std::move(method)};
    text.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-" + std::to_string(i) + ";rport";
    return text;
  };
  const RequestText before = numbered("MESSAGE", 1);
  server.receive(before);
  RequestText proven = numbered("MESSAGE", 2);
  proven.lines = "Authorization: Digest x\r\n";
  RequestText in_dialog = numbered("SUBSCRIBE", 3);
  in_dialog.to += ";tag=s1";

  server.shards.shard().on_waited(101ms);
  server.receive(numbered("MESSAGE", 4));
  const Sent refused = server.wire().take_one();
  CHECK(refused.kind() == "503 MESSAGE");
  CHECK(refused.header(sip::Header::retry_after) == "5");
  server.receive(proven);
  CHECK(server.wire().take_kinds() == "503 MESSAGE");
  server.receive(in_dialog);
  server.receive(before);  // again
  CHECK(server.user.requests.size() == 2);
  CHECK(server.wire().take().empty());
  server.answer(0, 200);
  CHECK(server.wire().take_kinds() == "200 MESSAGE");

  server.shards.shard().on_waited(30ms);
  server.receive(numbered("MESSAGE", 5));
  CHECK(server.wire().take_kinds() == "503 MESSAGE");
  proven.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-6;rport";
  server.receive(proven);
  CHECK(server.user.requests.size() == 3);

  server.shards.shard().on_waited(1ms);
  server.receive(numbered("MESSAGE", 7));
  CHECK(server.user.requests.size() == 4);
}

TEST_CASE("transactions: finished ones make room for new ones, the oldest first, and refuse nobody") {
  base::Limits limits;
  limits.server_transactions = 1;
  limits.finished_transactions = 3;
  Server server(limits);
  const auto numbered = [](int i) {
    RequestText text = options;
    text.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-" + std::to_string(i) + ";rport";
    return text;
  };
  for (int i = 0; i < 10; ++i) {
    server.receive(numbered(i));
    server.answer(static_cast<std::size_t>(i), 200);
  }
  CHECK(server.user.requests.size() == 10);
  CHECK(server.transactions().server_count() == 3);
  server.receive(numbered(9));  // remembered
  CHECK(server.user.requests.size() == 10);
  server.receive(numbered(0));  // forgotten: treated as new
  CHECK(server.user.requests.size() == 11);
}

TEST_CASE("transactions: a CANCEL finds its INVITE also when the limit is reached [RFC 3261 §9.2]") {
  base::Limits limits;
  limits.server_transactions = 1;
  Server server(limits);
  server.receive(invite);
  server.receive(cancel);
  CHECK(server.wire().take_kinds() == "200 CANCEL");
  CHECK(server.user.cancels.size() == 1);
}

TEST_CASE("transactions: while the server stops, what is new is refused and what is under way is answered") {
  Server server;
  server.receive(options);
  server.shards.shard().stop_taking_work();
  RequestText second = options;
  second.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK2;rport";
  server.receive(second);
  CHECK(server.wire().take_kinds() == "503 OPTIONS");
  CHECK_FALSE(server.shards.shard().is_idle());
  server.answer(0, 200);
  CHECK(server.wire().take_kinds() == "200 OPTIONS");
  CHECK(server.shards.shard().is_idle());
}
