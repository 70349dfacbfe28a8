// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rollcall/engine/wheel.hpp>

namespace rollcall::engine {

void Timer::cancel() {
  if (wheel_) wheel_->unlink(*this);
}

Wheel::Wheel(base::Instant now) : now_tick_(tick_of(now)) {}

Wheel::~Wheel() {
  // Timers may outlive the wheel: they must not reach back into it.
  for (auto& level : slots_)
    for (Timer*& slot : level)
      while (slot)
        unlink(*slot);
  while (due_)
    unlink(*due_);
}

std::uint64_t Wheel::tick_of(base::Instant time) {
  return static_cast<std::uint64_t>(time.time_since_epoch() / tick);
}

void Wheel::set(Timer& timer, base::Instant deadline) {
  timer.cancel();
  timer.deadline_ = deadline;
  link(timer, now_tick_ + 1);
}

void Wheel::link(Timer& timer, std::uint64_t earliest) {
  // Due in the tick after its deadline, so that no timer is early.
  const std::uint64_t due = std::max(tick_of(timer.deadline_) + 1, earliest);
  const std::uint64_t distance = due - now_tick_;
  int level = 0;
  while (level < levels - 1 && distance >> (slot_bits * (level + 1)))
    ++level;
  // Past the horizon of the last level a timer waits in its farthest slot and is placed again there.
  const std::uint64_t horizon = (1ULL << (slot_bits * levels)) - 1;
  const std::uint64_t at = now_tick_ + std::min(distance, horizon);
  Timer*& slot = slots_[level][at >> (slot_bits * level) & (slots - 1)];
  timer.wheel_ = this;
  timer.holder_ = &slot;
  timer.next_ = slot;
  if (slot) slot->holder_ = &timer.next_;
  slot = &timer;
  ++size_;
}

void Wheel::unlink(Timer& timer) {
  *timer.holder_ = timer.next_;
  if (timer.next_) timer.next_->holder_ = timer.holder_;
  timer.wheel_ = nullptr;
  timer.holder_ = nullptr;
  timer.next_ = nullptr;
  --size_;
}

void Wheel::take(Timer*& slot, Timer*& into) {
  into = slot;
  slot = nullptr;
  if (into) into->holder_ = &into;
}

// At the turn of a level its next slot is dealt out to the levels below.
void Wheel::cascade() {
  for (int level = 1; level < levels; ++level) {
    const std::uint64_t index = now_tick_ >> (slot_bits * level) & (slots - 1);
    Timer* list = nullptr;
    take(slots_[level][index], list);
    while (list) {
      Timer& timer = *list;
      unlink(timer);
      link(timer, now_tick_);  // the slot of this very tick is taken only after this
    }
    if (index != 0) return;
  }
}

std::size_t Wheel::advance(base::Instant now, std::size_t most) {
  const std::uint64_t target = tick_of(now);
  std::size_t fired = 0;
  while (true) {
    while (due_) {
      if (fired == most) return fired;
      Timer& timer = *due_;
      unlink(timer);
      ++fired;
      timer.fire(now);
    }
    if (size_ == 0) now_tick_ = std::max(now_tick_, target);
    if (now_tick_ >= target) return fired;
    ++now_tick_;
    if ((now_tick_ & (slots - 1)) == 0) cascade();
    take(slots_[0][now_tick_ & (slots - 1)], due_);
  }
}

std::optional<base::Instant> Wheel::next_deadline() const {
  if (size_ == 0) return std::nullopt;
  if (due_) return base::Instant(now_tick_ * tick);
  // The first used slot of the lowest level, else the turn of that level, when more may come down.
  std::uint64_t at = now_tick_ + 1;
  while ((at & (slots - 1)) != 0 && !slots_[0][at & (slots - 1)])
    ++at;
  return base::Instant(at * tick);
}

}  // namespace rollcall::engine
