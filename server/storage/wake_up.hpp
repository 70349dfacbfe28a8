// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

namespace rollcall::storage {

/// Wakes a thread that waits for work or for a socket. Any thread may ring; one waits.
class WakeUp {
 public:
  WakeUp();
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  void ring();

  /// Until it rings, something comes on `socket` (unless that is -1), or the time is over (nullopt:
  /// never). True when the socket has something.
  bool wait(int socket, std::optional<std::chrono::milliseconds> time);

 private:
  int event_;
};

}  // namespace rollcall::storage
