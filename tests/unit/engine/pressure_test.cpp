// SPDX-License-Identifier: Apache-2.0
#include <rollcall/engine/pressure.hpp>

#include <doctest/doctest.h>

namespace rollcall::engine {

using namespace std::chrono_literals;

constexpr base::Duration most = 200ms;

TEST_CASE("pressure: without waiting everything is taken") {
  Pressure pressure;
  const base::Instant now{1h};
  CHECK(pressure.intake(most, now) == Intake::everything);
  pressure.on_read(200ms, now);
  pressure.on_commit(200ms, now);
  CHECK(pressure.intake(most, now) == Intake::everything);
  CHECK(pressure.intake_for_disk(most, now) == Intake::everything);
}

TEST_CASE("pressure: waiting at the door closes it, first to strangers, then to all that is new") {
  const base::Instant now{1h};
  Pressure pressure;
  pressure.on_read(201ms, now);
  CHECK(pressure.intake(most, now) == Intake::known);
  CHECK(pressure.intake_for_disk(most, now) == Intake::known);
  pressure.on_read(301ms, now);
  CHECK(pressure.intake(most, now) == Intake::nothing);
  CHECK(pressure.intake_for_disk(most, now) == Intake::nothing);
}

TEST_CASE("pressure: waiting for the disk closes the door only to what has to be on disk") {
  const base::Instant now{1h};
  Pressure pressure;
  pressure.on_commit(201ms, now);
  CHECK(pressure.intake_for_disk(most, now) == Intake::known);
  pressure.on_commit(301ms, now);
  CHECK(pressure.intake_for_disk(most, now) == Intake::nothing);
  CHECK(pressure.intake(most, now) == Intake::everything);
}

TEST_CASE("pressure: it is over when nothing waits, or nothing was seen waiting for a while") {
  const base::Instant now{1h};
  Pressure pressure;
  pressure.on_read(1s, now);
  pressure.on_read(3ms, now + 1ms);
  CHECK(pressure.intake(most, now + 1ms) == Intake::everything);
  pressure.on_commit(1s, now);
  CHECK(pressure.intake_for_disk(most, now + 200ms) == Intake::nothing);
  CHECK(pressure.intake_for_disk(most, now + 201ms) == Intake::everything);
}

}  // namespace rollcall::engine
