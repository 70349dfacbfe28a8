// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include <rollcall/engine/wheel.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using namespace std::chrono_literals;

namespace {

struct Probe : engine::Timer {
  void fire(base::Instant now) override {
    fired_at = now;
    ++times;
    if (on_fire) on_fire();
  }
  base::Instant fired_at{};
  int times = 0;
  std::function<void()> on_fire;
};

const base::Instant start{std::chrono::hours(490'000)};

// Drives the wheel as the loop does: sleeps until the next deadline, then advances.
void run_until(engine::Wheel& wheel, base::Instant& now, base::Instant end) {
  while (now < end) {
    const auto next = wheel.next_deadline();
    now = next ? std::min(std::max(*next, now + 1us), end) : end;
    wheel.advance(now);
  }
}

}  // namespace

TEST_CASE("wheel: a timer fires once, never early and at most two ticks late") {
  std::mt19937 random(7);
  for (const auto delay : {1us, 10'000us, 500'000us, 2'560'000us, 2'570'001us, 655'360'000us, 7'200'000'000us,
                           200'000'000'000us}) {
    const base::Instant begin = start + base::Duration(random() % 100'000'000);
    base::Instant now = begin;
    engine::Wheel wheel(now);
    Probe probe;
    wheel.set(probe, begin + delay);
    run_until(wheel, now, begin + delay + 1s);
    CHECK(probe.times == 1);
    CHECK(probe.fired_at >= begin + delay);
    CHECK(probe.fired_at <= begin + delay + 2 * engine::Wheel::tick);
  }
}

TEST_CASE("wheel: a timer for the last tick of a turn fires in it, wherever it was set") {
  for (int ticks = 1; ticks < 1200; ++ticks) {
    base::Instant now = start;
    engine::Wheel wheel(now);
    run_until(wheel, now, start + 255 * engine::Wheel::tick);
    Probe probe;
    const base::Instant deadline = now + ticks * engine::Wheel::tick;
    wheel.set(probe, deadline);
    run_until(wheel, now, deadline + 2 * engine::Wheel::tick);
    REQUIRE(probe.times == 1);
  }
}

TEST_CASE("wheel: many timers at random times all fire in their time, cancelled ones never") {
  std::mt19937 random(11);
  base::Instant now = start;
  engine::Wheel wheel(now);
  std::vector<std::unique_ptr<Probe>> probes;
  for (int i = 0; i < 5000; ++i) {
    probes.push_back(std::make_unique<Probe>());
    wheel.set(*probes.back(), now + base::Duration(random() % 3'600'000'000ULL));
  }
  for (int i = 0; i < 5000; i += 5)
    probes[i]->cancel();
  run_until(wheel, now, start + 3601s);
  for (int i = 0; i < 5000; ++i) {
    CHECK(probes[i]->times == (i % 5 == 0 ? 0 : 1));
    if (i % 5 != 0) CHECK(probes[i]->fired_at - probes[i]->deadline() <= 2 * engine::Wheel::tick);
  }
  CHECK(wheel.size() == 0);
}

TEST_CASE("wheel: a timer may set itself again and may destroy another one that is due") {
  base::Instant now = start;
  engine::Wheel wheel(now);
  Probe repeating;
  auto victim = std::make_unique<Probe>();
  auto killer = std::make_unique<Probe>();
  repeating.on_fire = [&] {
    if (repeating.times < 3) wheel.set(repeating, now + 100ms);
  };
  killer->on_fire = [&] { victim.reset(); };
  wheel.set(*victim, now + 50ms);
  wheel.set(*killer, now + 50ms);  // set last, fires first
  wheel.set(repeating, now + 100ms);
  run_until(wheel, now, start + 1s);
  CHECK(repeating.times == 3);
  CHECK(wheel.size() == 0);
}

TEST_CASE("wheel: a burst is dealt with in bounded bites and loses nobody") {
  base::Instant now = start;
  engine::Wheel wheel(now);
  std::vector<Probe> probes(100);
  for (Probe& probe : probes)
    wheel.set(probe, now + 30ms);
  now += 100ms;
  CHECK(wheel.advance(now, 30) == 30);
  REQUIRE(wheel.next_deadline());
  CHECK(*wheel.next_deadline() <= now);
  CHECK(wheel.advance(now, 1000) == 70);
}

TEST_CASE("wheel: timers that outlive the wheel are left alone") {
  Probe probe;
  {
    engine::Wheel wheel(start);
    wheel.set(probe, start + 1s);
    CHECK(probe.is_set());
  }
  CHECK_FALSE(probe.is_set());
}
