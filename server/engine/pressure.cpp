// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rollcall/engine/pressure.hpp>

namespace rollcall::engine {

namespace {

// What was seen longer ago says nothing about now: without new work no new waiting is seen.
constexpr base::Duration memory = std::chrono::milliseconds(200);
// How long a crowd must be away before the next one counts as a burst again.
constexpr base::Duration suspicion = std::chrono::seconds(1);
constexpr int part_for_crowds = 5;

}  // namespace

void Pressure::Queue::expect_crowd(base::Instant now) {
  crowded_until = now + suspicion;
}

void Pressure::Queue::see(base::Duration waited, base::Duration most, base::Instant now) {
  if (waited > bound(most, now)) expect_crowd(now);
  waits = waited;
  seen = now;
}

base::Duration Pressure::Queue::bound(base::Duration most, base::Instant now) const {
  return now < crowded_until ? most / part_for_crowds : most;
}

Intake Pressure::Queue::intake(base::Duration most, base::Instant now) const {
  const base::Duration allowed = bound(most, now);
  if (now - seen > memory || waits <= allowed) return Intake::everything;
  return 2 * waits <= 3 * allowed ? Intake::known : Intake::nothing;
}

void Pressure::on_read(base::Duration waited, base::Duration most, base::Instant now) {
  door_.see(waited, most, now);
}

void Pressure::on_commit(base::Duration took, base::Duration most, base::Instant now) {
  disk_.see(took, most, now);
}

Intake Pressure::intake(base::Duration most, base::Instant now) const {
  return door_.intake(most, now);
}

Intake Pressure::intake_for_disk(base::Duration most, base::Instant now) const {
  return std::max(door_.intake(most, now), disk_.intake(most, now));
}

}  // namespace rollcall::engine
