// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include <rollcall/base/clock.hpp>

namespace rollcall::engine {

class Wheel;

/// Something that happens at a time. A member or base of what it belongs to; its destruction takes
/// it off the wheel. Lives on one shard's thread.
class Timer {
 public:
  Timer() = default;
  virtual ~Timer() { cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Called by the wheel once, at or up to one tick after the deadline; may set the timer again,
  /// and may destroy it.
  virtual void fire(base::Instant now) = 0;

  void cancel();
  [[nodiscard]] bool is_set() const { return wheel_ != nullptr; }
  [[nodiscard]] base::Instant deadline() const { return deadline_; }

 private:
  friend class Wheel;
  Wheel* wheel_ = nullptr;
  Timer** holder_ = nullptr;  // the pointer that points here: a slot's, or the timer's before
  Timer* next_ = nullptr;
  base::Instant deadline_{};
};

/// Hierarchical timer wheel: setting and cancelling take constant time and no memory of their own.
/// A tick is 10 ms. Lives on one shard's thread.
class Wheel {
 public:
  static constexpr base::Duration tick = std::chrono::milliseconds(10);

  explicit Wheel(base::Instant now);
  ~Wheel();
  Wheel(const Wheel&) = delete;
  Wheel& operator=(const Wheel&) = delete;

  /// Sets a timer, or sets it anew. A deadline in the past fires at the next advance.
  void set(Timer& timer, base::Instant deadline);

  /// Fires what is due. Returns how many fired; stops after `most`, to go on at the next call, so
  /// that a burst of expiries never holds the loop.
  std::size_t advance(base::Instant now, std::size_t most = 10'000);

  /// When advance must be called next; nullopt when no timer is set. May be early, never late.
  [[nodiscard]] std::optional<base::Instant> next_deadline() const;

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  friend class Timer;
  static constexpr int levels = 4;
  static constexpr int slot_bits = 8;
  static constexpr std::uint64_t slots = 1 << slot_bits;

  static std::uint64_t tick_of(base::Instant time);
  void link(Timer& timer, std::uint64_t earliest);
  void unlink(Timer& timer);
  void take(Timer*& slot, Timer*& into);
  void cascade();

  std::array<std::array<Timer*, slots>, levels> slots_{};
  Timer* due_ = nullptr;  // taken from their slot, not fired yet
  std::uint64_t now_tick_;
  std::size_t size_ = 0;
};

}  // namespace rollcall::engine
