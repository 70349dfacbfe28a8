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
/// leaves out what waits alone. `most` is how long things may wait.
///
/// A burst fills the queue once and is worked off. What makes things wait for longer than `most`, or the
/// socket overflow, is no burst: from then on they may wait for a fifth of it only, until a second has
/// passed in which they did not. Else the queue would stay full, the clients would repeat themselves, and
/// the repetitions would go on when the crowd has left. Lives on one shard's thread.
class Pressure {
 public:
  /// A datagram has waited this long in the socket.
  void on_read(base::Duration waited, base::Duration most, base::Instant now);
  /// The socket was full, and lost datagrams.
  void on_overflow(base::Instant now) { door_.expect_crowd(now); }
  /// A commit took this long, from when its request was decided. For those that were kept: without a
  /// database nothing waits.
  void on_commit(base::Duration took, base::Duration most, base::Instant now);

  /// Past the time no strangers; at half as much again nothing new.
  [[nodiscard]] Intake intake(base::Duration most, base::Instant now) const;
  /// The same for what is on disk before it is answered. The other requests need not wait for the disk,
  /// and are not refused for it.
  [[nodiscard]] Intake intake_for_disk(base::Duration most, base::Instant now) const;

 private:
  struct Queue {
    base::Duration waits{};
    base::Instant seen{};
    base::Instant crowded_until{};

    void expect_crowd(base::Instant now);
    void see(base::Duration waited, base::Duration most, base::Instant now);
    [[nodiscard]] base::Duration bound(base::Duration most, base::Instant now) const;
    [[nodiscard]] Intake intake(base::Duration most, base::Instant now) const;
  };
  Queue door_, disk_;
};

}  // namespace rollcall::engine
