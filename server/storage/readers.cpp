// SPDX-License-Identifier: Apache-2.0
#include "readers.hpp"

#include "queries.hpp"

#include <algorithm>

namespace rollcall::storage {

ReaderPool::ReaderPool(const std::string& url, int count, Watchdog& watchdog) {
  for (int i = 0; i < std::max(count, 1); ++i)
    threads_.emplace_back([this, url, &watchdog] { run(url, watchdog); });
}

ReaderPool::~ReaderPool() {
  stop();
}

void ReaderPool::post(base::MoveFunction<void(engine::Queries&)> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void ReaderPool::stop() {
  std::deque<base::MoveFunction<void(engine::Queries&)>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(jobs_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void ReaderPool::run(const std::string& url, Watchdog& watchdog) {
  ReaderQueries queries(url, watchdog);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job(queries);
    job = {};
    lock.lock();
  }
}

}  // namespace rollcall::storage
