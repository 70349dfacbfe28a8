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
/// changes for the disk. Waiting is what a client notices, whatever it is that is short. Who tells it
/// leaves out what waits alone. Lives on one shard's thread.
class Pressure {
 public:
  /// A datagram has waited this long in the socket.
  void on_read(base::Duration waited, base::Instant now) { door_ = {waited, now}; }
  /// A commit took this long, from when its request was decided. For those that were kept: without a
  /// database nothing waits.
  void on_commit(base::Duration took, base::Instant now) { disk_ = {took, now}; }

  /// `most` is how long either may wait; at half as much again nothing new is taken.
  [[nodiscard]] Intake intake(base::Duration most, base::Instant now) const;
  /// The same for what is on disk before it is answered. The other requests need not wait for the disk,
  /// and are not refused for it.
  [[nodiscard]] Intake intake_for_disk(base::Duration most, base::Instant now) const;

 private:
  struct Wait {
    base::Duration time{};
    base::Instant seen{};

    [[nodiscard]] base::Duration at(base::Instant now) const;
  };
  Wait door_, disk_;
};

}  // namespace rollcall::engine
