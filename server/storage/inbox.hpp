// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <utility>
#include <vector>

#include <rollcall/engine/journal.hpp>

namespace rollcall::storage {

/// Entries on their way from a shard to the thread that writes them. Without locks: a list that is
/// pushed at its head and taken whole.
class Inbox {
 public:
  Inbox() = default;
  ~Inbox() {
    take([](engine::JournalEntry&&) {});
  }
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  /// True when it was empty: somebody must be woken.
  bool push(engine::JournalEntry entry) {
    auto* letter = new Letter{std::move(entry), head_.load(std::memory_order_relaxed)};
    // After the exchange the letter is the reader's, so what was before it must be known by then.
    Letter* before = letter->next;
    while (!head_.compare_exchange_weak(before, letter, std::memory_order_release, std::memory_order_relaxed))
      letter->next = before;
    return before == nullptr;
  }

  /// Hands everything over, in the order pushed.
  template <class F>
  void take(F give) {
    Letter* letter = reversed(head_.exchange(nullptr, std::memory_order_acquire));
    while (letter) {
      give(std::move(letter->entry));
      delete std::exchange(letter, letter->next);
    }
  }

 private:
  struct Letter {
    engine::JournalEntry entry;
    Letter* next;
  };

  static Letter* reversed(Letter* letter) {
    Letter* first = nullptr;
    while (letter)
      first = std::exchange(letter, std::exchange(letter->next, first));
    return first;
  }

  std::atomic<Letter*> head_{nullptr};
};

}  // namespace rollcall::storage
