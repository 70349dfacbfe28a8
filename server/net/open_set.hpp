// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace rollcall::net {

/// The numbers of a shard's open connections, such that other threads may ask for one. A number has
/// its place in a table by its lowest bits, and is given out when that place is free; none is given
/// out twice.
class OpenSet {
 public:
  explicit OpenSet(std::size_t most)
      : places_(std::bit_ceil(most < 16 ? std::size_t{16} : most)),
        open_(std::make_unique<std::atomic<std::uint64_t>[]>(places_)) {}

  /// The shard's thread: a number that was never used before; 0 when there is no room.
  std::uint64_t take() {
    for (std::size_t tries = 0; tries < places_; ++tries) {
      const std::uint64_t number = ++last_;
      if (place_of(number).load(std::memory_order_relaxed) != 0) continue;
      place_of(number).store(number, std::memory_order_relaxed);
      return number;
    }
    return 0;
  }
  void give_back(std::uint64_t number) { place_of(number).store(0, std::memory_order_relaxed); }

  /// Any thread.
  [[nodiscard]] bool contains(std::uint64_t number) const {
    return number != 0 && place_of(number).load(std::memory_order_relaxed) == number;
  }

 private:
  [[nodiscard]] std::atomic<std::uint64_t>& place_of(std::uint64_t number) const {
    return open_[number & (places_ - 1)];
  }

  std::size_t places_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> open_;
  std::uint64_t last_ = 0;
};

}  // namespace rollcall::net
