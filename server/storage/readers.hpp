// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "watchdog.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <rollcall/engine/readers.hpp>

namespace rollcall::storage {

/// Threads with a connection each that take questions from one queue.
class ReaderPool final : public engine::Readers {
 public:
  ReaderPool(const std::string& url, int count, Watchdog& watchdog);
  ~ReaderPool() override;

  void post(base::MoveFunction<void(engine::Queries&)> job) override;

  /// Drops what waits; returns when the questions under way are answered. Once.
  void stop();

 private:
  void run(const std::string& url, Watchdog& watchdog);

  std::mutex mutex_;  // guards the queue; held to push or take, never while a question is asked
  std::deque<base::MoveFunction<void(engine::Queries&)>> jobs_;
  bool stopping_ = false;
  std::condition_variable changed_;
  std::vector<std::thread> threads_;
};

}  // namespace rollcall::storage
