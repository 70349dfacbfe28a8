// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rollcall/engine/pressure.hpp>

namespace rollcall::engine {

namespace {

// What was seen longer ago says nothing about now: without new work no new waiting is seen.
constexpr base::Duration memory = std::chrono::milliseconds(200);

}  // namespace

Intake Pressure::intake(base::Duration most, base::Instant now) const {
  base::Duration waits{};
  for (const Wait& wait : {door_, disk_})
    if (now - wait.seen <= memory) waits = std::max(waits, wait.time);
  if (waits <= most) return Intake::everything;
  return 2 * waits <= 3 * most ? Intake::known : Intake::nothing;
}

}  // namespace rollcall::engine
