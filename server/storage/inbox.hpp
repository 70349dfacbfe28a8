// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <utility>
#include <vector>

#include <rollcall/engine/journal.hpp>

namespace rollcall::storage {

/// Entries on their way from a shard to its journal's thread. Without locks: a list that is pushed
/// at its head and taken whole.
class Inbox {
 public:
  Inbox() = default;
  ~Inbox() { take(); }
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

  /// Everything, in the order pushed.
  std::vector<engine::JournalEntry> take() {
    Letter* letter = head_.exchange(nullptr, std::memory_order_acquire);
    std::size_t count = 0;
    for (const Letter* counted = letter; counted; counted = counted->next)
      ++count;
    std::vector<engine::JournalEntry> entries(count);
    while (letter) {
      entries[--count] = std::move(letter->entry);
      delete std::exchange(letter, letter->next);
    }
    return entries;
  }

 private:
  struct Letter {
    engine::JournalEntry entry;
    Letter* next;
  };
  std::atomic<Letter*> head_{nullptr};
};

}  // namespace rollcall::storage
