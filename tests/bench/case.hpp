// SPDX-License-Identifier: Apache-2.0
// What an operation in flight is, and what a case has to say about it.
#pragma once

#include "text.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

/// A request as a case writes it; Via, CSeq's method, credentials and lengths are added on sending. Slots
/// keep theirs, so that the strings' memory serves again: set(), do not assign new ones.
struct Draft {
  std::uint32_t user = 0;  // who sends it
  std::string_view method;
  std::uint32_t cseq = 0;
  std::string uri, to, call_id;
  std::string headers;  // more header lines, each with its CRLF
  std::string body;
};

/// One of the operations in flight. It is over when its request is answered with a final response and as
/// many requests have come as it awaits.
struct Slot {
  std::uint32_t index = 0;
  std::uint32_t subject = 0;  // the case's own: which user, watch or publication
  std::uint32_t awaited = 0;  // requests from the server that are still to come
  std::uint32_t part = 0;     // of a case that is put together of others
  std::uint32_t kind = 0;     // index in the case's kinds()
  Draft draft;

  // For the load only.
  bool busy = false, answered = false, challenged = false;
  std::uint32_t generation = 0;
  std::string bytes;
  Clock::time_point began, send_again, deadline;
  Clock::duration pause{};
};

class Load;

/// An operation that is measured.
class Case {
 public:
  virtual ~Case() = default;
  /// Names of the kinds of operations that are counted apart.
  [[nodiscard]] virtual std::vector<std::string> kinds() const { return {"all"}; }
  /// Fills the slot for its next operation: draft, subject, awaited. False: nothing is free now.
  virtual bool begin(Slot& slot) = 0;
  /// There was one round only, and all of it has begun.
  [[nodiscard]] virtual bool used_up() const = 0;
  /// The final answer to the slot's request: "" when it is right, else what is wrong with it.
  virtual std::string on_answer(Slot& slot, const Message& response) = 0;
  /// A request from the server; it is answered 200 already. Tells the load by heard() or wrong().
  virtual void on_request(Load&, std::uint32_t /*socket*/, const Message&) {}
  /// Whether the devices answer this request at all.
  [[nodiscard]] virtual bool answers(const Message&) const { return true; }
  /// The operation is over, in whatever way.
  virtual void on_end(Slot& slot) = 0;
};

}  // namespace bench
