// SPDX-License-Identifier: Apache-2.0
// The client machines. Read with Figure 5 of RFC 6026 §8.4 (INVITE) and Figure 6 of RFC 3261 §17.1.2 open.
#include <algorithm>

#include <rollcall/sip/transaction.hpp>

namespace rollcall::sip {

static constexpr base::Instant never = base::Instant::max();

ClientTransaction::ClientTransaction(TransactionKind kind, bool reliable_transport, base::Instant now,
                                     const TransactionTimers& timers)
    : kind_(kind),
      state_(kind == TransactionKind::invite ? State::calling : State::trying),
      reliable_(reliable_transport),
      interval_(timers.t1),
      send_at_(reliable_transport ? never : now + timers.t1),  // timers A and E
      end_at_(now + 64 * timers.t1),                           // timers B and F
      timers_(&timers) {}

Step ClientTransaction::on_response(int status, base::Instant now) {
  return kind_ == TransactionKind::invite ? answer_to_invite(status, now) : answer_to_other(status, now);
}

/// Figure 5 of RFC 6026 §8.4: the arrows with a status.
Step ClientTransaction::answer_to_invite(int status, base::Instant now) {
  const bool is_2xx = status >= 200 && status < 300;
  if (state_ == State::accepted) return {.deliver = is_2xx};
  if (state_ == State::completed) return {.send_ack = status >= 300};
  if (state_ == State::terminated) return {};
  send_at_ = never;
  if (status < 200) {
    // Timer B is for Calling only. A second provisional answer leaves what on_cancelled has set.
    if (state_ == State::calling) end_at_ = never;
    state_ = State::proceeding;
    return {.deliver = true};
  }
  state_ = is_2xx ? State::accepted : State::completed;
  if (is_2xx) return end_after(64 * timers_->t1, now, {.deliver = true});  // timer M, for every transport
  return end_after(reliable_ ? base::Duration{} : timers_->d, now, {.send_ack = true, .deliver = true});  // D
}

/// Figure 6 of RFC 3261 §17.1.2: the arrows with a status.
Step ClientTransaction::answer_to_other(int status, base::Instant now) {
  if (state_ != State::trying && state_ != State::proceeding) return {};
  if (status < 200) {
    state_ = State::proceeding;
    interval_ = timers_->t2;  // from the next firing of timer E on
    return {.deliver = true};
  }
  state_ = State::completed;
  send_at_ = never;
  return end_after(reliable_ ? base::Duration{} : timers_->t4, now, {.deliver = true});  // timer K
}

Step ClientTransaction::on_timer(base::Instant now) {
  if (now >= end_at_) {
    const bool unanswered = state_ != State::completed && state_ != State::accepted;
    Step step = end();
    step.timed_out = unanswered;  // timers B and F, and a CANCEL that nobody obeyed
    return step;
  }
  if (now < send_at_) return {};
  interval_ *= 2;  // timer A has no upper limit
  if (kind_ == TransactionKind::non_invite) interval_ = std::min(interval_, timers_->t2);
  send_at_ = now + interval_;
  return {.send = true};
}

/// RFC 3261 §17.1.4. In Completed of an INVITE it is the ACK that could not be sent: the user has its
/// answer already and is not told of a second one.
Step ClientTransaction::on_transport_error(base::Instant) {
  switch (state_) {
    case State::calling:
    case State::trying:
    case State::proceeding: {
      Step step = end();
      step.timed_out = true;
      return step;
    }
    case State::completed:
      return kind_ == TransactionKind::invite ? end() : Step{};
    case State::accepted:
    case State::terminated:
      return {};
  }
  return {};
}

void ClientTransaction::on_cancelled(base::Instant now) {
  if (kind_ == TransactionKind::invite && state_ == State::proceeding) end_at_ = now + 64 * timers_->t1;
}

Step ClientTransaction::end() {
  state_ = State::terminated;
  send_at_ = end_at_ = never;
  return {.ended = true};
}

/// A timer of zero seconds fires at once: no need to ask the caller for a round through its wheel.
Step ClientTransaction::end_after(base::Duration wait, base::Instant now, Step step) {
  end_at_ = now + wait;
  if (wait == base::Duration{}) step.ended = end().ended;
  return step;
}

std::optional<base::Instant> ClientTransaction::deadline() const {
  const base::Instant next = std::min(send_at_, end_at_);
  if (next == never) return std::nullopt;
  return next;
}

}  // namespace rollcall::sip
