// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rollcall/engine/pressure.hpp>

namespace rollcall::engine {

namespace {

// What was seen longer ago says nothing about now: without new work no new waiting is seen.
constexpr base::Duration memory = std::chrono::milliseconds(200);

Intake judge(base::Duration waits, base::Duration most) {
  if (waits <= most) return Intake::everything;
  return 2 * waits <= 3 * most ? Intake::known : Intake::nothing;
}

}  // namespace

base::Duration Pressure::Wait::at(base::Instant now) const {
  return now - seen <= memory ? time : base::Duration{};
}

Intake Pressure::intake(base::Duration most, base::Instant now) const {
  return judge(door_.at(now), most);
}

Intake Pressure::intake_for_disk(base::Duration most, base::Instant now) const {
  return judge(std::max(door_.at(now), disk_.at(now)), most);
}

}  // namespace rollcall::engine
