// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/http/response.hpp>

namespace rollcall::http {

/// Counts who showed wrong credentials, so that they cannot be tried out: who did so `patience` times within
/// a minute is out until the minute is over. Any thread.
class Lockout {
 public:
  explicit Lockout(int patience) : patience_(patience) {}

  /// Who: an address, or an address and the name that was tried.
  bool is_out(const std::string& who, base::Instant now);
  void remember(const std::string& who, base::Instant now);

  /// The 429 to answer.
  static Response refusal();

 private:
  struct Failures {
    base::Instant since{};
    int count = 0;
  };

  int patience_;
  std::mutex mutex_;  // guards failures_: requests come on many threads
  std::map<std::string, Failures> failures_;
};

}  // namespace rollcall::http
