// SPDX-License-Identifier: Apache-2.0
#include "turns.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

using namespace rollcall;
using namespace std::chrono_literals;
using xdm::Turns;

namespace {

xdm::Deadline in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

}  // namespace

TEST_CASE("turns: a key is taken once, others meanwhile, and again when it is over") {
  Turns turns;
  auto first = turns.take("a", in(0ms));
  REQUIRE(first.ok());
  CHECK(turns.take("b", in(0ms)).ok());
  const auto second = turns.take("a", in(1ms));
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().code == base::ErrorCode::overloaded);
  *first = nullptr;
  CHECK(turns.take("a", in(0ms)).ok());
}

TEST_CASE("turns: whoever waits goes on when the turn ends, on whatever thread it ends") {
  Turns turns;
  auto held = turns.take("a", in(0ms));
  REQUIRE(held.ok());
  auto next = std::async(std::launch::async, [&] { return turns.take("a", in(20s)).ok(); });
  std::thread([turn = std::move(*held)]() mutable { turn = nullptr; }).join();
  CHECK(next.get());
}

TEST_CASE("turns: only so many wait for one key") {
  Turns turns;
  auto held = turns.take("a", in(0ms));
  REQUIRE(held.ok());
  constexpr std::size_t more = 4;
  std::atomic<std::size_t> refused{0}, served{0};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < Turns::most_waiting + more; ++i)
    threads.emplace_back([&] { ++(turns.take("a", in(20s)).ok() ? served : refused); });
  while (refused < more)
    std::this_thread::yield();
  *held = nullptr;
  for (std::thread& thread : threads)
    thread.join();
  CHECK(served == Turns::most_waiting);
  CHECK(refused == more);
}
