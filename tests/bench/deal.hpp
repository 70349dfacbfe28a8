// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace bench {

/// Deals the things `first` to `first + count - 1` out in turn, so that no two operations in flight have
/// the same one.
class Deal {
 public:
  Deal(std::uint32_t first, std::uint32_t count, Rounds rounds)
      : ring_(count), size_(count), rounds_(rounds) {
    for (std::uint32_t i = 0; i < count; ++i)
      ring_[i] = first + i;
  }

  /// The next thing that is free by `is_free` as well, among those whose turn is next.
  template <class IsFree>
  std::optional<std::uint32_t> take(const IsFree& is_free) {
    constexpr std::uint32_t most_tries = 64;
    for (auto tries = std::min(size_, most_tries); tries > 0; --tries) {
      const auto thing = ring_[head_];
      head_ = (head_ + 1) % ring_.size();
      --size_;
      if (is_free(thing)) return thing;
      push(thing);
    }
    return std::nullopt;
  }

  /// The operation with it is over.
  void give_back(std::uint32_t thing) {
    if (rounds_ == Rounds::endless) push(thing);
  }

  [[nodiscard]] bool used_up() const { return rounds_ == Rounds::one && size_ == 0; }

 private:
  void push(std::uint32_t thing) { ring_[(head_ + size_++) % ring_.size()] = thing; }

  std::vector<std::uint32_t> ring_;  // those that are in use stand nowhere
  std::size_t head_ = 0;
  std::uint32_t size_;
  Rounds rounds_;
};

}  // namespace bench
