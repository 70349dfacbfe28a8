// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <unordered_set>

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/base/text.hpp>

namespace rollcall::base {

/// Lets records share the texts that many of them hold, such as what a model of phone says of itself.
/// For one thread.
class TextPool {
 public:
  /// Makes `text` share its characters with the equal one that was here first.
  void share(Text& text) {
    if (text.empty()) return;
    if (texts_.size() >= room_) make_room();
    text = *texts_.insert(text).first;
  }

  /// How many different ones it knows.
  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  // Forgets those that no record holds any more.
  void make_room() {
    std::erase_if(texts_, [](const Text& text) { return text.is_alone(); });
    room_ = std::max(least_room, 2 * texts_.size());
  }

  static constexpr std::size_t least_room = 64;
  std::unordered_set<Text, KeyedHash> texts_;
  std::size_t room_ = least_room;
};

}  // namespace rollcall::base
