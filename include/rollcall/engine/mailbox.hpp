// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <utility>

#include <rollcall/base/task.hpp>

namespace rollcall::engine {

/// Tasks for one shard, posted by any thread, run by the shard's thread in the order posted. Without
/// locks: a list that is pushed at its head and taken whole.
class Mailbox {
 public:
  Mailbox() = default;
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// What makes the shard's thread look into its mailbox (an eventfd). Set before any post.
  void set_waker(std::function<void()> waker) { waker_ = std::move(waker); }

  /// Any thread. Wakes the shard when the mailbox was empty.
  void post(base::Task task);

  /// The shard's thread: runs all that has been posted so far. Returns how many.
  std::size_t run();

 private:
  struct Letter {
    base::Task task;
    Letter* next;
  };
  std::atomic<Letter*> head_{nullptr};
  std::function<void()> waker_ = [] {};
};

}  // namespace rollcall::engine
