// SPDX-License-Identifier: Apache-2.0
// The operations that can be measured. Users, watches and publications are dealt out to the slots by
// their index, so that no two operations in flight meet on one of them.
#pragma once

#include "load.hpp"

#include <memory>

namespace bench {

/// OPTIONS to the server itself.
std::unique_ptr<Case> make_options(const Options& options, World& world);

/// REGISTER of each user's one contact: the first round adds, each further one refreshes.
std::unique_ptr<Case> make_register(const Options& options, World& world);

/// MESSAGE from one user to another, answered by the other's device. All must be registered.
std::unique_ptr<Case> make_message(const Options& options, World& world);

/// A SUBSCRIBE that makes a new dialog of a watch, and its NOTIFY.
std::unique_ptr<Case> make_subscribe(const Options& options, World& world);

/// A SUBSCRIBE in each watch's dialog, and its NOTIFY.
std::unique_ptr<Case> make_refresh(const Options& options, World& world);

/// PUBLISH of a new document, and the NOTIFY of each watcher with it.
std::unique_ptr<Case> make_publish(const Options& options, World& world);

/// The watch that a NOTIFY belongs to; nullptr when it is none of the present ones, or came before.
Watch* watch_of(World& world, std::string_view notify);

/// Call-ID of a watch's dialog.
std::string call_id_of(const World& world, const Watch& watch);

/// Which of `count` things a slot takes next: its own index, then in steps of the slots.
class Deal {
 public:
  Deal(std::uint32_t slots, std::size_t count)
      : slots_(slots), count_(static_cast<std::uint32_t>(count)), next_(slots) {
    for (std::uint32_t i = 0; i < slots; ++i)
      next_[i] = i;
  }

  [[nodiscard]] std::uint32_t slots() const { return slots_; }

  std::uint32_t next(std::uint32_t slot) {
    const auto taken = next_[slot];
    next_[slot] = taken + slots_ < count_ ? taken + slots_ : slot;
    return taken;
  }

 private:
  std::uint32_t slots_, count_;
  std::vector<std::uint32_t> next_;
};

}  // namespace bench
