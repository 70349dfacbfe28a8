// SPDX-License-Identifier: Apache-2.0
// The operations that can be measured. Users, watches and publications are dealt out to the slots by
// their index, so that no two operations in flight meet on one of them.
#pragma once

#include "load.hpp"

#include <memory>
#include <optional>

namespace bench {

/// Whether a case goes over its users, watches or publications again and again, or once.
enum class Rounds { endless, one };

/// OPTIONS to the server itself.
std::unique_ptr<Case> make_options(const Options& options, World& world, Rounds rounds);

/// REGISTER of each user's one contact: the first round adds, each further one refreshes.
std::unique_ptr<Case> make_register(const Options& options, World& world, Rounds rounds);

/// MESSAGE from one user to another, answered by the other's device. All must be registered.
std::unique_ptr<Case> make_message(const Options& options, World& world, Rounds rounds);

/// A SUBSCRIBE that makes a new dialog of a watch, and its NOTIFY.
std::unique_ptr<Case> make_subscribe(const Options& options, World& world, Rounds rounds);

/// A SUBSCRIBE in each watch's dialog, and its NOTIFY.
std::unique_ptr<Case> make_refresh(const Options& options, World& world, Rounds rounds);

/// PUBLISH of a new document, and the NOTIFY of each watcher with it.
std::unique_ptr<Case> make_publish(const Options& options, World& world, Rounds rounds);

/// The complaint about an answer that is not the right one: "MESSAGE was answered 404 Not Found".
std::string refusal(std::string_view method, std::string_view response);

/// The watch that a NOTIFY belongs to; nullptr when it is none of the present ones, or came before.
Watch* watch_of(World& world, std::string_view notify);

/// Call-ID of a watch's dialog.
std::string call_id_of(const World& world, const Watch& watch);

/// Which of `count` things a slot takes next: its own index, then in steps of the slots, so that no
/// two slots ever have the same thing.
class Deal {
 public:
  Deal(std::uint32_t slots, std::size_t count, Rounds rounds)
      : slots_(slots), count_(static_cast<std::uint32_t>(count)), rounds_(rounds), next_(slots) {
    for (std::uint32_t i = 0; i < slots; ++i)
      next_[i] = i;
  }

  [[nodiscard]] std::uint32_t slots() const { return slots_; }

  /// nullopt: the slot has had all of its things, and there is one round only.
  std::optional<std::uint32_t> next(std::uint32_t slot) {
    if (next_[slot] >= count_) {
      if (rounds_ == Rounds::one) return std::nullopt;
      next_[slot] = slot;
    }
    const auto taken = next_[slot];
    next_[slot] += slots_;
    return taken;
  }

 private:
  std::uint32_t slots_, count_;
  Rounds rounds_;
  std::vector<std::uint32_t> next_;
};

}  // namespace bench
