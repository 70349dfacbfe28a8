// SPDX-License-Identifier: Apache-2.0
// The four transaction state machines (RFC 3261 §17 with RFC 6026 and RFC 4320) as values: an event
// and the time go in, a Step comes out that says what the caller must do. No I/O, no clock, no bytes.
#pragma once

#include <cstdint>
#include <optional>

#include <rollcall/base/clock.hpp>

namespace rollcall::sip {

/// RFC 3261 §17.1.1.1 and Table 4.
struct TransactionTimers {
  base::Duration t1 = std::chrono::milliseconds(500);
  base::Duration t2 = std::chrono::seconds(4);
  base::Duration t4 = std::chrono::seconds(5);
  base::Duration d = std::chrono::seconds(32);
};

/// What the caller has to do after an event, in the order of the fields.
struct Step {
  bool send = false;        // send the kept message: the request, or the last answer
  bool send_ack = false;    // client INVITE: acknowledge this final answer
  bool deliver = false;     // hand this answer to the transaction's user
  bool timed_out = false;   // tell the user that no answer came (408 for it)
  bool ended = false;       // forget the transaction

  friend bool operator==(const Step&, const Step&) = default;
};

enum class TransactionKind : std::uint8_t { invite, non_invite };

/// Both server machines: §17.2.1 (with RFC 6026's Accepted) and §17.2.2. About 40 bytes.
class ServerTransaction {
 public:
  enum class State : std::uint8_t { trying, proceeding, completed, confirmed, accepted, terminated };

  ServerTransaction(TransactionKind kind, bool reliable_transport, base::Instant now,
                    const TransactionTimers& timers = {});

  /// The same request came again.
  Step on_request(base::Instant now);
  /// ACK came (INVITE only). In Accepted it is for the user: deliver is set.
  Step on_ack(base::Instant now);
  /// The user answers; the caller keeps the bytes as "last answer" when send comes back set. An
  /// answer that the state does not allow comes back as an empty Step and is dropped.
  Step on_reply(int status, base::Instant now);
  /// deadline() has come.
  Step on_timer(base::Instant now);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] TransactionKind kind() const { return kind_; }
  /// When on_timer must be called next; nullopt: never.
  [[nodiscard]] std::optional<base::Instant> deadline() const;

 private:
  TransactionKind kind_;
  State state_;
  bool reliable_;
  base::Duration interval_{};          // timer G's current interval
  base::Instant retransmit_at_{};      // epoch: not set
  base::Instant end_at_{};             // epoch: not set
  const TransactionTimers* timers_;    // outlives the transaction
};

/// Both client machines: §17.1.1 (with RFC 6026's Accepted) and §17.1.2.
class ClientTransaction {
 public:
  enum class State : std::uint8_t { calling, trying, proceeding, completed, accepted, terminated };

  /// The caller sends the request itself right after making this.
  ClientTransaction(TransactionKind kind, bool reliable_transport, base::Instant now,
                    const TransactionTimers& timers = {});

  Step on_response(int status, base::Instant now);
  Step on_timer(base::Instant now);
  /// The transport could not send (RFC 3261 §17.1.4): timed_out and ended come back.
  Step on_transport_error(base::Instant now);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] TransactionKind kind() const { return kind_; }
  [[nodiscard]] std::optional<base::Instant> deadline() const;

 private:
  TransactionKind kind_;
  State state_;
  bool reliable_;
  base::Duration interval_{};
  base::Instant retransmit_at_{};
  base::Instant end_at_{};
  const TransactionTimers* timers_;
};

}  // namespace rollcall::sip
