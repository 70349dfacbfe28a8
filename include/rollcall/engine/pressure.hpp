// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <rollcall/base/clock.hpp>

namespace rollcall::engine {

/// What a shard that has too much to do still takes. In each step what is under way (answers, ACK,
/// CANCEL, requests in a dialog, repetitions) goes on.
enum class Intake : std::uint8_t {
  everything,
  known,   // no new request without credentials: who is refused here has cost the least
  nothing  // no new request at all
};

/// Tells by how long things wait whether more comes in than can be done: datagrams for being read, and
/// changes for the disk. Waiting is what a client notices, whatever it is that is short. Lives on one
/// shard's thread.
class Pressure {
 public:
  /// A datagram has waited this long in the socket.
  void on_read(base::Duration waited, base::Instant now) { door_ = {waited, now}; }
  /// A commit took this long, from when its request was decided.
  void on_commit(base::Duration took, base::Instant now) { disk_ = {took, now}; }

  /// `most` is how long either may wait; at half as much again nothing new is taken.
  [[nodiscard]] Intake intake(base::Duration most, base::Instant now) const;

 private:
  struct Wait {
    base::Duration time{};
    base::Instant seen{};
  };
  Wait door_, disk_;
};

}  // namespace rollcall::engine
