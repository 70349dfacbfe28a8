// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

#include <rollcall/base/clock.hpp>

#include <Poco/Net/StreamSocket.h>

namespace rollcall::http {

/// The connections of one server: how many there are, from where, and how to end them. Any thread.
class Visitors {
 public:
  /// `served`: how many at a time; the others wait for a thread.
  Visitors(int most, int most_per_address, int served)
      : most_(most), most_per_address_(most_per_address), served_(served) {}

  /// False: full, or full for this address.
  bool enter(const Poco::Net::StreamSocket& socket);
  void leave(const Poco::Net::StreamSocket& socket);

  [[nodiscard]] bool is_closing() const { return closing_; }
  /// Does somebody wait for a thread? Then nobody keeps one to think about the next request.
  [[nodiscard]] bool is_crowded() const { return inside_.load(std::memory_order_relaxed) > served_; }
  /// From now on nobody gets in, and who is in can only wait for the answer under way.
  void close();
  /// Waits until all have left; after that, or when the time is up, cuts the connections that are left.
  void drain(base::Duration patience);

 private:
  struct Visit {
    Poco::Net::StreamSocket socket;
    std::string address;
  };
  [[nodiscard]] bool is_full_for(const std::string& address) const;
  static void shut(Poco::Net::StreamSocket& socket, void (Poco::Net::StreamSocket::*how)());

  std::size_t most_;
  int most_per_address_;
  int served_;
  std::atomic<int> inside_{0};
  std::atomic<bool> closing_{false};
  std::mutex mutex_;  // guards what follows: accepting and serving are different threads
  std::condition_variable left_;
  std::map<const Poco::Net::SocketImpl*, Visit> visits_;
  std::map<std::string, int> by_address_;
};

}  // namespace rollcall::http
