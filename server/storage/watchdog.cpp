// SPDX-License-Identifier: Apache-2.0
#include "watchdog.hpp"

#include <algorithm>

#include <sys/socket.h>

namespace rollcall::storage {

Watchdog::Watchdog(std::chrono::milliseconds patience) : patience_(patience), thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Watchdog::Wait::Wait(Watchdog& watchdog, int socket)
    : watchdog_(watchdog), socket_(socket), deadline_(Clock::now() + watchdog.patience_) {
  const std::lock_guard lock(watchdog_.mutex_);
  place_ = watchdog_.waits_.insert(watchdog_.waits_.end(), this);
}

Watchdog::Wait::~Wait() {
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.waits_.erase(place_);
}

void Watchdog::hurry(Clock::time_point deadline) {
  {
    const std::lock_guard lock(mutex_);
    latest_ = deadline;
  }
  changed_.notify_all();
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    // Often enough for any patience, and no system call for each statement.
    changed_.wait_for(lock,
                      std::clamp<std::chrono::milliseconds>(patience_ / 10, std::chrono::milliseconds(10),
                                                            std::chrono::milliseconds(500)));
    const auto now = Clock::now();
    for (const Wait* wait : waits_)
      if (now >= std::min(wait->deadline_, latest_)) ::shutdown(wait->socket_, SHUT_RDWR);
  }
}

}  // namespace rollcall::storage
