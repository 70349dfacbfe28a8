// SPDX-License-Identifier: Apache-2.0
#include <rollcall/engine/mailbox.hpp>

namespace rollcall::engine {

Mailbox::~Mailbox() {
  Letter* letter = head_.exchange(nullptr);
  while (letter)
    delete std::exchange(letter, letter->next);
}

void Mailbox::post(base::Task task) {
  auto* letter = new Letter{std::move(task), head_.load(std::memory_order_relaxed)};
  // After the exchange below the letter is the reader's; whether it was the first must be known before.
  Letter* before = letter->next;
  while (!head_.compare_exchange_weak(before, letter, std::memory_order_release, std::memory_order_relaxed))
    letter->next = before;
  if (!before) waker_();
}

std::size_t Mailbox::run() {
  Letter* newest = head_.exchange(nullptr, std::memory_order_acquire);
  Letter* oldest = nullptr;
  while (newest) {
    Letter* next = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = next;
  }
  std::size_t count = 0;
  while (oldest) {
    const std::unique_ptr<Letter> letter(std::exchange(oldest, oldest->next));
    letter->task();
    ++count;
  }
  return count;
}

}  // namespace rollcall::engine
