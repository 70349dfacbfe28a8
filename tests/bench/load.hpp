// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.hpp"
#include "options.hpp"
#include "sockets.hpp"
#include "timeline.hpp"
#include "world.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// How operations begin: as many in flight as may be, each begun when one has ended (a closed loop), or
/// at the rates of the phases, whatever is in flight (an open loop).
struct Plan {
  std::uint32_t in_flight = 0;
  Clock::duration time{};             // of a closed loop
  std::vector<Phase> phases;          // of an open one
  std::uint64_t most_operations = 0;  // ends it early
};

/// What a run came to.
struct Result {
  struct Kind {
    std::string name;
    std::vector<std::uint32_t> latencies;  // microseconds
  };

  std::uint64_t operations = 0;  // ended within the time
  double seconds = 0;
  std::vector<Kind> kinds;
  std::uint64_t lost = 0;  // not ended in 32 s (RFC 3261 timer F)
  std::uint64_t wrong = 0;
  std::uint64_t refused = 0;    // 503 with Retry-After
  std::uint64_t unstarted = 0;  // whose time came in the open loop, and nothing was free for them
  std::uint64_t stale_watchers = 0;
  std::uint64_t retransmissions = 0, challenges = 0;
  std::vector<std::string> complaints;  // the first few
};

/// Sends requests, answers those of the server, and keeps the time of both.
class Load {
 public:
  Load(const Options& options, Sockets& sockets, World& world);

  /// Runs until the time or the operations are used up, then waits for what is in flight.
  Result run(Case& operation, const Plan& plan, Timeline& timeline);

  /// Goes on answering until nothing has come for a while: what is late counts for what watchers know.
  void settle();

  [[nodiscard]] Slot& slot(std::uint32_t index) { return slots_[index % slots_.size()]; }
  /// One of the requests that the slot awaits has come, and is right.
  void heard(Slot& slot);
  void wrong(std::string why);

 private:
  void start(Case& operation, const Plan& plan, Timeline& timeline);
  void begin_what_is_due();
  bool begin_one();
  void send(Slot& slot);
  void receive(std::chrono::milliseconds wait);
  void on_message(std::uint32_t socket, std::string_view bytes);
  void on_response(const Message& response);
  bool answer_challenge(Slot& slot, const Message& response);
  void answer(std::uint32_t socket, const Message& request);
  void end_if_over(Slot& slot);
  void end(Slot& slot);
  void check_timers();
  void on_timer(Slot& slot);
  void lose(Slot& slot);
  [[nodiscard]] bool may_begin() const;

  const Options& options_;
  Sockets& sockets_;
  World& world_;
  std::string branch_prefix_;  // of this process: a branch of an earlier one
                               // would be a retransmission
  Case* case_ = nullptr;
  const Plan* plan_ = nullptr;
  Timeline* timeline_ = nullptr;
  Result result_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;         // a stack, so that the same few are used again
  std::vector<Clock::time_point> look_at_;  // for each slot: when its timers are looked at
  std::string answer_;
  std::uint32_t busy_ = 0;
  std::uint64_t begun_ = 0;
  Clock::time_point now_, start_, end_, last_heard_;
};

}  // namespace bench
