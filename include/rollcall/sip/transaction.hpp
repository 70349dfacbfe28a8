// SPDX-License-Identifier: Apache-2.0
// The four transaction state machines (RFC 3261 §17 with RFC 6026 and RFC 4320) as values: an event
// and the time go in, a Step comes out that says what the caller must do. No I/O, no clock, no bytes.
#pragma once

#include <chrono>
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
  base::Duration trying = std::chrono::milliseconds(200);  // an INVITE without an answer gets 100 (§17.2.1)
};
inline constexpr TransactionTimers default_timers{};

/// What the caller has to do after an event, in the order of the fields.
struct Step {
  bool send = false;         // send the kept message: the request, or the last answer
  bool send_trying = false;  // server: make a 100, send it, and keep it as the last answer
  bool send_ack = false;     // client INVITE: acknowledge this final answer
  bool deliver = false;      // hand this answer, or this ACK, to the transaction's user
  bool timed_out = false;    // tell the user: no answer came (client, 408 for it), no ACK came (server
                             // INVITE), or it is too late for an answer (server, others)
  bool ended = false;        // forget the transaction

  friend bool operator==(const Step&, const Step&) = default;
};

enum class TransactionKind : std::uint8_t { invite, non_invite };

/// Both server machines: §17.2.1 (with RFC 6026's Accepted) and §17.2.2 (with RFC 4320). 40 bytes.
/// A send that fails changes nothing: the transaction stays where it is (RFC 6026 §8.8).
class ServerTransaction {
 public:
  enum class State : std::uint8_t { trying, proceeding, completed, confirmed, accepted, terminated };

  /// `timers` must outlive the transaction.
  ServerTransaction(TransactionKind kind, bool reliable_transport, base::Instant now,
                    const TransactionTimers& timers = default_timers);
  ServerTransaction(TransactionKind, bool, base::Instant, const TransactionTimers&&) = delete;

  /// The same request came again.
  Step on_request(base::Instant now);
  /// ACK came (INVITE only). In Accepted it is for the user: deliver is set.
  Step on_ack(base::Instant now);
  /// The user answers; the caller keeps the bytes as "last answer" when send comes back set. An
  /// answer that the state does not allow comes back as an empty Step and is dropped: so are, for
  /// what is no INVITE, 101 to 199, 408, and a 100 that is too early (RFC 4320 §4).
  Step on_reply(int status, base::Instant now);
  /// deadline() has come. Called too early it does nothing.
  Step on_timer(base::Instant now);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] TransactionKind kind() const { return kind_; }
  /// When on_timer must be called next; nullopt: never. Only an INVITE in Proceeding may wait without
  /// end: its user owes it an answer (a proxy's timer C sees to that, §16.8).
  [[nodiscard]] std::optional<base::Instant> deadline() const;

 private:
  Step reply_to_invite(int status, base::Instant now);
  Step reply_to_other(int status, base::Instant now);
  Step complete_invite(bool is_sent_once, base::Instant now);
  Step complete_other(base::Instant now);
  Step trying();
  Step end();
  Step end_after(base::Duration wait, base::Instant now, Step step);

  TransactionKind kind_;
  State state_;
  bool reliable_;
  base::Duration interval_{};        // timer G's current interval
  base::Instant send_at_;            // timer G, or when a 100 is due; Instant::max(): not set
  base::Instant end_at_;             // timers H, I, J, L; Instant::max(): not set
  const TransactionTimers* timers_;  // outlives the transaction
};

/// Both client machines: §17.1.1 (with RFC 6026's Accepted) and §17.1.2. 40 bytes.
class ClientTransaction {
 public:
  enum class State : std::uint8_t { calling, trying, proceeding, completed, accepted, terminated };

  /// The caller sends the request itself right after making this. `timers` must outlive it.
  ClientTransaction(TransactionKind kind, bool reliable_transport, base::Instant now,
                    const TransactionTimers& timers = default_timers);
  ClientTransaction(TransactionKind, bool, base::Instant, const TransactionTimers&&) = delete;

  Step on_response(int status, base::Instant now);
  /// deadline() has come. Called too early it does nothing.
  Step on_timer(base::Instant now);
  /// The transport could not send (RFC 3261 §17.1.4): ended comes back, with timed_out while no final
  /// answer has been delivered. A transaction that has nothing to send any more stays.
  Step on_transport_error(base::Instant now);
  /// A CANCEL for this INVITE was sent: without a final answer it now ends in 64*T1 (§9.1).
  void on_cancelled(base::Instant now);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] TransactionKind kind() const { return kind_; }
  /// When on_timer must be called next; nullopt: never. Only an INVITE in Proceeding that is not
  /// cancelled waits without end: its user limits that (a proxy's timer C, §16.8).
  [[nodiscard]] std::optional<base::Instant> deadline() const;

 private:
  Step answer_to_invite(int status, base::Instant now);
  Step answer_to_other(int status, base::Instant now);
  Step end();
  Step end_after(base::Duration wait, base::Instant now, Step step);

  TransactionKind kind_;
  State state_;
  bool reliable_;
  base::Duration interval_{};        // the current interval of timer A or E
  base::Instant send_at_;            // timers A, E; Instant::max(): not set
  base::Instant end_at_;             // timers B, D, F, K, M; Instant::max(): not set
  const TransactionTimers* timers_;  // outlives the transaction
};

}  // namespace rollcall::sip
