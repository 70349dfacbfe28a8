// SPDX-License-Identifier: Apache-2.0
#include <rollcall/engine/pressure.hpp>

#include <doctest/doctest.h>

namespace rollcall::engine {

using namespace std::chrono_literals;

constexpr base::Duration most = 200ms;

TEST_CASE("pressure: a burst that waits no longer than it may is taken whole") {
  Pressure pressure;
  const base::Instant now{1h};
  CHECK(pressure.intake(most, now) == Intake::everything);
  pressure.on_read(200ms, most, now);
  pressure.on_commit(200ms, most, now);
  CHECK(pressure.intake(most, now) == Intake::everything);
  CHECK(pressure.intake_for_disk(most, now) == Intake::everything);
}

TEST_CASE("pressure: a crowd that waited too long is kept short, strangers first") {
  const base::Instant now{1h};
  Pressure pressure;
  pressure.on_read(201ms, most, now);
  CHECK(pressure.intake(most, now) == Intake::nothing);
  CHECK(pressure.intake_for_disk(most, now) == Intake::nothing);
  pressure.on_read(60ms, most, now + 500ms);
  CHECK(pressure.intake(most, now + 500ms) == Intake::known);
  CHECK(pressure.intake_for_disk(most, now + 500ms) == Intake::known);
  pressure.on_read(40ms, most, now + 600ms);
  CHECK(pressure.intake(most, now + 600ms) == Intake::everything);
  pressure.on_read(61ms, most, now + 700ms);
  CHECK(pressure.intake(most, now + 700ms) == Intake::nothing);
}

TEST_CASE("pressure: a socket that overflowed is kept short too, however little fits into it") {
  const base::Instant now{1h};
  Pressure pressure;
  pressure.on_overflow(now);
  pressure.on_read(60ms, most, now);
  CHECK(pressure.intake(most, now) == Intake::known);
  pressure.on_read(40ms, most, now);
  CHECK(pressure.intake(most, now) == Intake::everything);
}

TEST_CASE("pressure: after a second without a crowd the next one counts as a burst again") {
  const base::Instant now{1h};
  Pressure pressure;
  pressure.on_read(201ms, most, now);
  pressure.on_read(40ms, most, now + 1ms);
  pressure.on_read(200ms, most, now + 1s);
  CHECK(pressure.intake(most, now + 1s) == Intake::everything);
  pressure.on_read(201ms, most, now + 2s);
  pressure.on_read(200ms, most, now + 3s - 1ms);
  CHECK(pressure.intake(most, now + 3s - 1ms) == Intake::nothing);
}

TEST_CASE("pressure: waiting for the disk closes the door only to what has to be on disk") {
  const base::Instant now{1h};
  Pressure pressure;
  pressure.on_commit(201ms, most, now);
  CHECK(pressure.intake_for_disk(most, now) == Intake::nothing);
  pressure.on_commit(60ms, most, now);
  CHECK(pressure.intake_for_disk(most, now) == Intake::known);
  CHECK(pressure.intake(most, now) == Intake::everything);
}

TEST_CASE("pressure: it is over when nothing waits, or nothing was seen waiting for a while") {
  const base::Instant now{1h};
  Pressure pressure;
  pressure.on_read(1s, most, now);
  pressure.on_read(3ms, most, now + 1ms);
  CHECK(pressure.intake(most, now + 1ms) == Intake::everything);
  pressure.on_commit(1s, most, now);
  CHECK(pressure.intake_for_disk(most, now + 200ms) == Intake::nothing);
  CHECK(pressure.intake_for_disk(most, now + 201ms) == Intake::everything);
}

}  // namespace rollcall::engine
