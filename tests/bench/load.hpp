// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "sockets.hpp"
#include "world.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

/// A request as a case writes it; Via, CSeq's method, credentials and lengths are added on sending.
struct Draft {
  std::uint32_t user = 0;  // who sends it
  std::string method, uri, to, call_id;
  std::uint32_t cseq = 0;
  std::string headers;  // more header lines, each with its CRLF
  std::string body;
};

/// One of the operations in flight. It is over when its request is answered with a final response
/// and as many requests have come as it awaits.
struct Slot {
  std::uint32_t index = 0;
  std::uint64_t operation = 0;  // number of the operation, over all slots
  std::uint32_t subject = 0;    // the case's own: which user, watch or publication
  std::uint32_t awaited = 0;    // requests from the server that are still to come
  Draft draft;

  // For the load only.
  bool busy = false, answered = false, challenged = false;
  std::uint64_t generation = 0;
  std::string bytes;
  Clock::time_point began, send_again, deadline;
  Clock::duration pause{};
};

class Load;

/// An operation that is measured.
class Case {
 public:
  virtual ~Case() = default;
  /// Fills the slot for its next operation: draft, subject, awaited. False: there is none left.
  virtual bool begin(Slot& slot) = 0;
  /// The final answer to the slot's request: "" when it is right, else what is wrong with it.
  virtual std::string on_answer(Slot& slot, int status, std::string_view response) = 0;
  /// A request from the server; it is answered 200 already. Tells the load by heard() or wrong().
  virtual void on_request(Load& load, std::uint32_t socket, std::string_view request) = 0;
};

/// What a run came to.
struct Result {
  std::uint64_t operations = 0;  // ended within the time
  double seconds = 0;
  std::vector<std::uint32_t> latencies;  // microseconds
  std::uint64_t lost = 0;                // not ended in 32 s (RFC 3261 timer F)
  std::uint64_t wrong = 0;
  std::uint64_t retransmissions = 0, challenges = 0;
  std::vector<std::string> complaints;  // the first few
};

/// The closed loop: as many operations in flight as asked for, each begun when one has ended.
class Load {
 public:
  Load(const Options& options, Sockets& sockets, World& world);

  /// Runs until the time or the operations are used up, then waits for what is in flight.
  Result run(Case& operation, std::chrono::milliseconds time, std::uint64_t most_operations);

  [[nodiscard]] Slot& slot(std::uint32_t index) { return slots_[index % slots_.size()]; }
  /// One of the requests that the slot awaits has come, and is right.
  void heard(Slot& slot);
  void wrong(std::string why);

 private:
  void begin(Slot& slot);
  void send(Slot& slot);
  void on_datagram(std::uint32_t socket, std::string_view datagram);
  void on_response(std::string_view response);
  bool answer_challenge(Slot& slot, int status, std::string_view response);
  void answer(std::uint32_t socket, std::string_view request);
  void end_if_over(Slot& slot);
  void check_timers();
  [[nodiscard]] bool may_begin() const;

  const Options& options_;
  Sockets& sockets_;
  World& world_;
  std::string branch_prefix_;  // of this process: a branch of an earlier one would be a retransmission
  Case* case_ = nullptr;
  Result result_;
  std::vector<Slot> slots_;
  std::uint32_t busy_ = 0;
  std::uint64_t begun_ = 0, most_operations_ = 0;
  Clock::time_point now_, end_;
};

}  // namespace bench
