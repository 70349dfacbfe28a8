// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/engine/shard.hpp>
#include <rollcall/sip/headers/via.hpp>

#include <doctest/doctest.h>
#include <support/recording_user.hpp>
#include <support/shards.hpp>
#include <support/sip_text.hpp>

using namespace rollcall;
using namespace rollcall::tests;
using namespace std::chrono_literals;
using sip::Header;

namespace {

const RequestText options{};

struct House {
  explicit House(std::size_t count = 1, const base::Limits& limits = {}) : shards(count, limits) {
    for (std::size_t i = 0; i < count; ++i) {
      users.push_back(std::make_unique<RecordingUser>());
      shards.shard(i).transactions().set_user(*users.back());
    }
  }
  engine::Request receive(const RequestText& text, std::size_t shard = 0) {
    shards.receive(text.bytes(), flow, shard);
    REQUIRE(users[shard]->requests.size() == 1);
    engine::Request request = std::move(users[shard]->requests.front());
    users[shard]->requests.clear();
    return request;
  }
  /// Request number n of a client.
  static RequestText numbered(int n) {
    RequestText text;
    text.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKn" + std::to_string(n) + ";rport";
    return text;
  }

  Shards shards;
  std::vector<std::unique_ptr<RecordingUser>> users;
  sip::Flow flow = flow_of("udp:192.0.2.9:5060>192.0.2.1:5060");
};

engine::Outcome saving(const std::string& domain) {
  engine::Outcome outcome(sip::Reply(200));
  outcome.changes.emplace_back(model::SaveDomain{{domain, {}}});
  return outcome;
}

struct CountingStore final : engine::Store {
  void apply(const model::Change&) override { ++applied; }
  int applied = 0;
};

}  // namespace

TEST_CASE("shard: the answer leaves when the changes are on disk, not before") {
  House house;
  house.shards.journal().hold();
  bool kept = false;
  house.shards.shard().carry_out(house.receive(options), saving("a"),
                                 [&](bool was_kept) { kept = was_kept; });
  CHECK(house.shards.wire().take().empty());
  CHECK_FALSE(house.shards.shard().is_idle());
  house.shards.journal().commit();
  CHECK(house.shards.wire().take_kinds() == "200 OPTIONS");
  CHECK(kept);
  CHECK(house.shards.shard().is_idle());
}

TEST_CASE("shard: a change that cannot be kept is answered 503 with Retry-After and is not in memory") {
  House house;
  CountingStore store;
  house.shards.shard().keeper().add_store(store);
  house.shards.journal().fail_nth(1);
  bool kept = true;
  house.shards.shard().carry_out(house.receive(options), saving("a"),
                                 [&](bool was_kept) { kept = was_kept; });
  const Sent refused = house.shards.wire().take_one();
  CHECK(refused.kind() == "503 OPTIONS");
  CHECK(refused.header(Header::retry_after) == "5");
  CHECK_FALSE(kept);
  CHECK(store.applied == 0);
}

TEST_CASE("shard: an outcome without changes is answered at once, also without a database") {
  House house;
  house.shards.journal().set_available(false);
  house.shards.shard().carry_out(house.receive(options), sip::Reply(404));
  CHECK(house.shards.wire().take_kinds() == "404 OPTIONS");
}

TEST_CASE("shard: a decision sees what the one before it under the same key has left") {
  House house;
  engine::Shard& shard = house.shards.shard();
  CountingStore store;
  shard.keeper().add_store(store);
  house.shards.journal().hold();
  std::string seen;
  const auto decide = [&](const engine::Request&) {
    seen += std::to_string(store.applied);
    return saving("a");
  };
  shard.take_turn("alice", house.receive(House::numbered(1)), decide);
  shard.take_turn("alice", house.receive(House::numbered(2)), decide);
  shard.take_turn("bob", house.receive(House::numbered(3)), decide);
  CHECK(seen == "00");
  house.shards.journal().commit();
  CHECK(seen == "001");
  house.shards.journal().commit();
  CHECK(house.shards.wire().take_kinds() == "200 OPTIONS, 200 OPTIONS, 200 OPTIONS");
  CHECK(shard.gate().keys() == 0);
}

TEST_CASE("shard: after a failed commit the next one under the key gets its turn") {
  House house;
  engine::Shard& shard = house.shards.shard();
  house.shards.journal().hold();
  const auto decide = [](const engine::Request&) { return saving("a"); };
  shard.take_turn("alice", house.receive(House::numbered(1)), decide);
  shard.take_turn("alice", house.receive(House::numbered(2)), decide);
  house.shards.journal().fail();
  house.shards.journal().commit();
  CHECK(house.shards.wire().take_kinds() == "503 OPTIONS, 200 OPTIONS");
}

TEST_CASE("shard: when too many wait under one key the next is answered 503") {
  base::Limits limits;
  limits.queued_per_key = 1;
  House house(1, limits);
  engine::Shard& shard = house.shards.shard();
  house.shards.journal().hold();
  const auto decide = [](const engine::Request&) { return saving("a"); };
  for (int i = 0; i < 3; ++i)
    shard.take_turn("alice", house.receive(House::numbered(i)), decide);
  const Sent refused = house.shards.wire().take_one();
  CHECK(refused.kind() == "503 OPTIONS");
  CHECK(refused.header(Header::retry_after) == "5");
  CHECK(refused.header(Header::via).find("z9hG4bKn2") != std::string::npos);
}

TEST_CASE("shard: a request that was handed over is answered from where it arrived") {
  House house(2);
  auto request = std::make_shared<engine::Request>(house.receive(options, 1));
  house.shards.shard(1).run_on(0,
                               [&house, request] { house.shards.shard(0).reply(*request, sip::Reply(200)); });
  house.shards.settle();
  CHECK(house.shards.wire(0).take().empty());
  const Sent answer = house.shards.wire(1).take_one();
  CHECK(answer.kind() == "200 OPTIONS");
  CHECK(answer.flow == house.flow);
}

TEST_CASE("shard: an answer from outside finds the shard that sent the request by the branch") {
  House house(2);
  int status = 0;
  house.shards.shard(1).transactions().send(
      sip::Method::options, {house.flow, std::nullopt}, RequestText{}.unsent(), nullptr,
      [&](const engine::Answer& answer) { status = answer.status(); }, house.shards.clock.now());
  const Sent sent = house.shards.wire(1).take_one();
  house.shards.receive(answer_to(*sent.message, 200), house.flow, 0);
  CHECK(status == 200);
}

TEST_CASE("shard: an answer whose branch names no shard of ours is dropped") {
  House house(2);
  RequestText text;
  text.via = "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK7f-1-00";
  house.shards.receive(answer_to(*parsed(text.bytes()), 200), house.flow, 0);
  text.via = "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKelse";
  house.shards.receive(answer_to(*parsed(text.bytes()), 200), house.flow, 0);
  CHECK(house.shards.wire(0).take().empty());
  CHECK(house.shards.wire(1).take().empty());
}

TEST_CASE(
    "shard: a malformed request is refused without a transaction, each time in the same words [RFC 3261 "
    "§8.2.7]") {
  House house;
  RequestText broken = options;
  broken.lines = "Max-Forwards: many\r\n";
  broken.max_forwards = false;
  house.shards.receive(broken.bytes(), house.flow);
  house.shards.receive(broken.bytes(), house.flow);
  const auto sent = house.shards.wire().take();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].kind() == "400 OPTIONS");
  CHECK(sent[0].message->reason().starts_with("Bad Request: Max-Forwards"));
  CHECK(sent[0].bytes == sent[1].bytes);
  CHECK(house.users[0]->requests.empty());
  CHECK(house.shards.shard().transactions().server_count() == 0);
  CHECK(house.shards.metrics().read(base::Metric::malformed) == 2);
}

TEST_CASE("shard: an ACK is never answered, and what is no SIP neither [RFC 3261 §17]") {
  House house;
  RequestText ack{.method = "ACK"};
  ack.lines = "Max-Forwards: many\r\n";
  ack.max_forwards = false;
  house.shards.receive(ack.bytes(), house.flow);
  house.shards.receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n", house.flow);
  house.shards.receive("", house.flow);
  house.shards.receive(std::string("\0\0\0\0", 4), house.flow);
  CHECK(house.shards.wire().take().empty());
}

TEST_CASE("shard: a tag names the shard that made it, and no other text does") {
  House house(3);
  CHECK(engine::Shard::shard_of_tag(house.shards.shard(2).new_tag()) == 2);
  CHECK(house.shards.shard(2).new_tag() != house.shards.shard(2).new_tag());
  for (const auto* text :
       {"", "2", "2-", "2-12345", "x-0123456789abcdef", "2-0123456789abcdef0", "10000-0123456789abcdef"})
    CHECK_FALSE(engine::Shard::shard_of_tag(text));
}

TEST_CASE("shard: every shard agrees on who owns a user") {
  House house(4);
  for (const auto* aor : {"alice@example.com", "bob@example.com", "carol@example.com"}) {
    const auto owner = house.shards.shard(0).owner_of(aor);
    CHECK(owner < 4);
    for (std::size_t i = 1; i < 4; ++i)
      CHECK(house.shards.shard(i).owner_of(aor) == owner);
  }
}

TEST_CASE("shard: a question from another thread is answered, or given up in time") {
  House house;
  engine::Shard& shard = house.shards.shard();
  std::optional<int> answer;
  std::thread asker(
      [&] { answer = engine::ask<int>(shard, 5s, [](base::MoveFunction<void(int)> give) { give(7); }); });
  while (shard.run_mailbox() == 0)
    std::this_thread::yield();
  asker.join();
  CHECK(answer == 7);
  CHECK_FALSE(engine::ask<int>(shard, 1ms, [](base::MoveFunction<void(int)> give) { give(7); }));
}
