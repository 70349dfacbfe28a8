// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rollcall/base/clock.hpp>

namespace rollcall::tests {

/// Time that stands still until the test moves it.
class ManualClock {
 public:
  [[nodiscard]] base::Instant now() const { return now_; }
  void pass(base::Duration duration) { now_ += duration; }

 private:
  base::Instant now_{std::chrono::seconds(1'800'000'000)};
};

}  // namespace rollcall::tests
