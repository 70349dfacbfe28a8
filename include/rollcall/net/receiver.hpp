// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/sip/endpoint.hpp>

namespace rollcall::net {

/// Who is driven by a reactor's loop: a shard, or a double in a test. All calls come on the thread
/// of that loop. Each may call Wire::send; none of them is called from inside Wire::send.
class Receiver {
 public:
  virtual ~Receiver() = default;

  /// Begins a turn of the loop; `now` is its time.
  virtual void set_now(base::Instant now) = 0;
  /// The datagrams that come next have waited this long to be read, with many more behind them; zero
  /// when there are few.
  virtual void on_waited(base::Duration /*waited*/) {}
  /// Datagrams were lost, as the socket was full.
  virtual void on_overflow() {}
  /// A datagram, or a frame of a stream. What cannot be framed comes as a head that the parser finds
  /// a defect in, and the connection is closed when the answer to it has left.
  virtual void on_message(std::string bytes, const sip::Flow& flow) = 0;
  /// See Wire::send.
  virtual void on_send_failed(std::uint64_t token) = 0;
  /// Runs what other threads have posted.
  virtual void run_mailbox() = 0;
  /// Fires the timers that are due.
  virtual void advance() = 0;
  /// When advance() must be called next.
  [[nodiscard]] virtual std::optional<base::Instant> next_deadline() const = 0;
};

}  // namespace rollcall::net
