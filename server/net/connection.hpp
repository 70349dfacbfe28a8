// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "descriptor.hpp"
#include "framer.hpp"
#include "out_queue.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

#include <rollcall/base/clock.hpp>
#include <rollcall/engine/wheel.hpp>
#include <rollcall/sip/endpoint.hpp>

namespace rollcall::net {

class Connections;

/// One stream: its socket, what has arrived of the next message, what waits to leave. Everything
/// above the socket goes through receive() and flush(), and everything below SIP through the framer:
/// what wraps the stream (TLS, WebSocket) has its place at these two. Lives on its reactor's thread;
/// Connections decides what happens to it.
class Connection final : public engine::Timer {
 public:
  enum class Origin { accepted, opened };
  enum class State {
    connecting,
    open,
    leaving,  // takes no more messages; what waits leaves, what comes is thrown away
  };

  Connection(Connections& owner, Descriptor socket, const sip::Flow& flow, Origin origin, base::Instant now,
             const base::Limits& limits);

  [[nodiscard]] int socket() const { return socket_.get(); }
  [[nodiscard]] std::uint64_t number() const { return flow.connection; }

  /// What came of reading or writing.
  enum class Io { done, blocked, ended };

  /// Reads at most as much as the buffer takes.
  struct Read {
    Io io = Io::done;
    std::size_t bytes = 0;
  };
  Read receive(std::span<char> buffer);
  /// Writes what waits, until the peer is slow or has had its share of this turn (both: blocked).
  Io flush();
  /// Nothing more will be written. The peer reads what it was sent to its end.
  void shut_down_writing();

  /// When it must be closed unless something happens before.
  [[nodiscard]] base::Instant patience_ends(const base::Limits& limits) const;

  void fire(base::Instant now) override;

  // Kept by Connections.
  sip::Flow flow;
  const Origin origin;
  State state;
  Framer framer;
  OutQueue out;
  base::Instant state_since;      // connecting, open or leaving since then
  base::Instant last_heard;       // bytes came
  base::Instant message_since{};  // the first byte of a message that is not whole
  bool heard_message = false;
  bool to_flush = false;         // is on the list of those that have something to write
  bool watches_writing = false;  // the poller reports when it can be written to

 private:
  Connections& owner_;
  Descriptor socket_;
};

}  // namespace rollcall::net
