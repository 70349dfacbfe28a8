// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

#include <rollcall/base/task.hpp>

namespace rollcall::engine {

/// Lets one change of the same thing be on its way to the database at a time, so that each decision
/// sees what the one before it left. Keys name the thing: a user, a dialog. Lives on one shard's
/// thread.
class Gate {
 public:
  explicit Gate(std::size_t most_waiting) : most_waiting_(most_waiting) {}

  /// Runs `enter` now when nobody is inside under this key, else when those before have left. Each
  /// run of `enter` must be followed by one leave(). False: too many wait, `enter` was dropped.
  bool enter(const std::string& key, base::Task enter);

  /// Would enter() refuse?
  [[nodiscard]] bool is_full(const std::string& key) const;

  /// Whoever is inside is done; the next one enters.
  void leave(const std::string& key);

  [[nodiscard]] std::size_t keys() const { return waiting_.size(); }

 private:
  std::size_t most_waiting_;
  std::unordered_map<std::string, std::deque<base::Task>> waiting_;  // a key is here while one is inside
};

}  // namespace rollcall::engine
