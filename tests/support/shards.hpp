// SPDX-License-Identifier: Apache-2.0
// Real shards on doubles, driven by the test instead of by net.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/engine/shard.hpp>
#include <rollcall/sip/endpoint.hpp>

#include <doctest/doctest.h>
#include <support/fake_journal.hpp>
#include <support/manual_clock.hpp>
#include <support/recording_wire.hpp>

namespace rollcall::tests {

/// "udp:192.0.2.9:5060>192.0.2.1:5060", and for a stream its connection.
inline sip::Flow flow_of(std::string_view text, std::uint64_t connection = 0, std::uint16_t shard = 0) {
  auto flow = sip::Flow::parse(text);
  REQUIRE(flow.ok());
  flow->connection = connection;
  flow->shard = shard;
  return *flow;
}

/// One or more shards of one server.
class Shards {
 public:
  explicit Shards(std::size_t count = 1, const base::Limits& with_limits = {}) : limits(with_limits) {
    run.secret = "not so secret";
    for (std::size_t i = 0; i < count; ++i)
      mailboxes_.push_back(std::make_unique<engine::Mailbox>());
    std::vector<engine::Shard*> peers;
    for (std::size_t i = 0; i < count; ++i) {
      parts_.push_back(std::make_unique<Part>());
      Part& part = *parts_.back();
      part.shard = std::make_unique<engine::Shard>(static_cast<std::uint16_t>(i), mailboxes_, run, limits,
                                                   part.wire, part.journal, part.metrics, clock.now());
      peers.push_back(part.shard.get());
    }
    for (const auto& part : parts_)
      part->shard->set_peers(peers);
  }

  engine::Shard& shard(std::size_t index = 0) { return *parts_[index]->shard; }
  RecordingWire& wire(std::size_t index = 0) { return parts_[index]->wire; }
  FakeJournal& journal(std::size_t index = 0) { return parts_[index]->journal; }
  base::MetricCells& metrics(std::size_t index = 0) { return parts_[index]->metrics; }

  /// A message arrives at a shard; what follows from it happens on all.
  void receive(std::string bytes, const sip::Flow& flow, std::size_t index = 0) {
    shard(index).on_message(std::move(bytes), flow);
    settle();
  }

  /// Runs the mailboxes until nobody has posted anything.
  void settle() {
    std::size_t ran = 1;
    while (ran > 0) {
      ran = 0;
      for (const auto& part : parts_)
        ran += part->shard->run_mailbox();
    }
  }

  /// Time passes in turns of the loops, as far as possible from one deadline to the next.
  void pass(base::Duration duration) {
    const base::Instant end = clock.now() + duration;
    while (clock.now() < end) {
      base::Instant next = end;
      for (const auto& part : parts_)
        if (const auto deadline = part->shard->next_deadline()) next = std::min(next, *deadline);
      clock.pass(std::max(next - clock.now(), base::Duration(engine::Wheel::tick)));
      turn();
    }
  }

  /// One turn of each loop at the time that it is.
  void turn() {
    for (const auto& part : parts_) {
      part->shard->set_now(clock.now());
      part->shard->advance();
    }
    settle();
  }

  ManualClock clock;
  base::Limits limits;
  engine::Run run;

 private:
  struct Part {
    RecordingWire wire;
    FakeJournal journal;
    base::MetricCells metrics;
    std::unique_ptr<engine::Shard> shard;
  };
  std::vector<std::unique_ptr<engine::Mailbox>> mailboxes_;
  std::vector<std::unique_ptr<Part>> parts_;
};

}  // namespace rollcall::tests
