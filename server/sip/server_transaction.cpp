// SPDX-License-Identifier: Apache-2.0
// The server machines. Read with Figure 7 of RFC 6026 §8.6 (INVITE) and Figure 8 of RFC 3261 §17.2.2 open.
#include <algorithm>
#include <utility>

#include <rollcall/sip/transaction.hpp>

namespace rollcall::sip {

static constexpr base::Instant never = base::Instant::max();

/// How long a client's timer E takes to be reset to T2 (RFC 4320 §4.1): 3.5 s with the usual timers.
static base::Duration until_timer_e_is_t2(const TransactionTimers& timers) {
  base::Duration passed{};
  for (auto interval = std::max(timers.t1, base::Duration(1)); interval < timers.t2; interval *= 2)
    passed += interval;
  return passed;
}

ServerTransaction::ServerTransaction(TransactionKind kind, bool reliable_transport, base::Instant now,
                                     const TransactionTimers& timers)
    : kind_(kind),
      state_(kind == TransactionKind::invite ? State::proceeding : State::trying),
      reliable_(reliable_transport),
      send_at_(now + (kind == TransactionKind::invite ? timers.trying : until_timer_e_is_t2(timers))),
      // Past its client's timer F an answer would come too late (RFC 4320 §4.2).
      end_at_(kind == TransactionKind::invite ? never : now + 64 * timers.t1),
      timers_(&timers) {}

/// A retransmission (RFC 3261 §17.2.1, §17.2.2; RFC 6026 §7.1 for Accepted, which absorbs it).
Step ServerTransaction::on_request(base::Instant) {
  switch (state_) {
    case State::proceeding:
      // The peer is already sending again: a 100 that is still to come is due now.
      return send_at_ == never ? Step{.send = true} : trying();
    case State::completed:
      return {.send = true};
    case State::trying:
    case State::confirmed:
    case State::accepted:
    case State::terminated:
      return {};
  }
  return {};
}

/// RFC 3261 §17.2.1; in Accepted RFC 6026 §7.1.
Step ServerTransaction::on_ack(base::Instant now) {
  if (kind_ != TransactionKind::invite) return {};
  if (state_ == State::accepted) return {.deliver = true};
  if (state_ != State::completed) return {};
  state_ = State::confirmed;
  send_at_ = never;
  return end_after(reliable_ ? base::Duration{} : timers_->t4, now, {});  // timer I
}

Step ServerTransaction::on_reply(int status, base::Instant now) {
  return kind_ == TransactionKind::invite ? reply_to_invite(status, now) : reply_to_other(status, now);
}

/// Figure 7: the arrows with "from TU".
Step ServerTransaction::reply_to_invite(int status, base::Instant now) {
  const bool is_2xx = status >= 200 && status < 300;
  if (state_ == State::accepted) return {.send = is_2xx};
  if (state_ != State::proceeding) return {};
  const bool is_first = std::exchange(send_at_, never) != never;
  if (status < 200) return {.send = true};
  if (!is_2xx) return complete_invite(is_first && (status == 401 || status == 407), now);
  state_ = State::accepted;
  return end_after(64 * timers_->t1, now, {.send = true});  // timer L, for every transport
}

/// A challenge that comes first is sent once: who really asks repeats the INVITE (timer A) and gets it again,
/// and a forged source is not sent eleven copies (RFC 3261 §26.3.2.4).
Step ServerTransaction::complete_invite(bool is_sent_once, base::Instant now) {
  state_ = State::completed;
  interval_ = timers_->t1;
  if (!reliable_ && !is_sent_once) send_at_ = now + interval_;  // timer G
  return end_after(64 * timers_->t1, now, {.send = true});      // timer H, for every transport
}

/// Figure 8: the arrows with "from TU", less what RFC 4320 §4 forbids.
Step ServerTransaction::reply_to_other(int status, base::Instant now) {
  if (state_ != State::trying && state_ != State::proceeding) return {};
  if (status == 408 || (status > 100 && status < 200)) return {};
  if (status >= 200) return complete_other(now);
  if (state_ == State::trying && !reliable_ && now < send_at_) return {};
  state_ = State::proceeding;
  send_at_ = never;
  return {.send = true};
}

Step ServerTransaction::complete_other(base::Instant now) {
  state_ = State::completed;
  send_at_ = never;
  return end_after(reliable_ ? base::Duration{} : 64 * timers_->t1, now, {.send = true});  // timer J
}

Step ServerTransaction::on_timer(base::Instant now) {
  if (now >= end_at_) {
    const bool waited_in_vain = state_ == State::trying || state_ == State::proceeding ||
                                (kind_ == TransactionKind::invite && state_ == State::completed);
    Step step = end();
    step.timed_out = waited_in_vain;
    return step;
  }
  if (now < send_at_) return {};
  if (state_ != State::completed) return trying();
  interval_ = std::min(interval_ * 2, timers_->t2);  // timer G
  send_at_ = now + interval_;
  return {.send = true};
}

/// The 100 that the transaction owes when its user is slow (RFC 3261 §17.2.1, RFC 4320 §4.1).
Step ServerTransaction::trying() {
  state_ = State::proceeding;
  send_at_ = never;
  return {.send_trying = true};
}

Step ServerTransaction::end() {
  state_ = State::terminated;
  send_at_ = end_at_ = never;
  return {.ended = true};
}

/// A timer of zero seconds fires at once: no need to ask the caller for a round through its wheel.
Step ServerTransaction::end_after(base::Duration wait, base::Instant now, Step step) {
  end_at_ = now + wait;
  if (wait == base::Duration{}) step.ended = end().ended;
  return step;
}

std::optional<base::Instant> ServerTransaction::deadline() const {
  const base::Instant next = std::min(send_at_, end_at_);
  if (next == never) return std::nullopt;
  return next;
}

}  // namespace rollcall::sip
