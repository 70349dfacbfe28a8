// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include <rollcall/base/result.hpp>

namespace rollcall::xdm {

using Deadline = std::chrono::steady_clock::time_point;

/// One edit of a key at a time, on the threads of those who edit. Unlike a mutex a turn may end on another
/// thread than the one that took it: when nobody waits for a commit any more, the commit ends it. Any thread.
class Turns {
 public:
  /// As long as one lives, nobody else gets a turn with its key.
  class Turn {
   public:
    Turn(Turns& turns, std::string key) : turns_(turns), key_(std::move(key)) {}
    ~Turn() { turns_.end(key_); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Turns& turns_;
    std::string key_;
  };
  using Held = std::shared_ptr<const Turn>;

  /// How many may wait for one key, so that one user's requests do not take every thread.
  static constexpr std::size_t most_waiting = 6;

  /// Waits for the turn. Errors: overloaded when too many wait already, or until the deadline in vain.
  base::Result<Held> take(const std::string& key, Deadline deadline);

 private:
  struct Key {
    bool is_taken = false;
    std::size_t waiting = 0;
  };
  struct Stripe {
    std::mutex mutex;  // guards keys
    std::condition_variable ended;
    std::unordered_map<std::string, Key> keys;  // those that are taken or waited for
  };

  Stripe& stripe_of(const std::string& key) {
    return stripes_[std::hash<std::string>{}(key) % stripes_.size()];
  }
  void end(const std::string& key);

  std::array<Stripe, 16> stripes_;
};

}  // namespace rollcall::xdm
