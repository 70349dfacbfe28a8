// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

namespace rollcall::storage {

/// Cuts connections to a database that does not answer. libpqxx waits without end for an answer, and
/// TCP notices only a dead network, not a database that hangs; so a thread here shuts the socket
/// down, and the waiting call fails with broken_connection. Any thread, but what says otherwise.
class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Watchdog(std::chrono::milliseconds patience);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// While it lives, an answer is awaited on `socket`. Never longer than the socket is open.
  class Wait {
   public:
    Wait(Watchdog& watchdog, int socket);
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

   private:
    friend class Watchdog;
    Watchdog& watchdog_;
    int socket_;
    Clock::time_point deadline_;
    std::list<Wait*>::iterator place_;
  };

  /// From now on nothing may take longer than until `deadline`: the server stops.
  void hurry(Clock::time_point deadline);

  [[nodiscard]] std::chrono::milliseconds patience() const { return patience_; }

 private:
  void run();

  const std::chrono::milliseconds patience_;
  std::mutex mutex_;  // guards what follows; a socket on the list cannot be closed while it is held
  std::list<Wait*> waits_;
  Clock::time_point latest_ = Clock::time_point::max();
  bool stopping_ = false;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace rollcall::storage
