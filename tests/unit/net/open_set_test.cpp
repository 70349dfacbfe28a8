// SPDX-License-Identifier: Apache-2.0
#include "open_set.hpp"

#include <set>
#include <vector>

#include <doctest/doctest.h>

using rollcall::net::OpenSet;

TEST_CASE("open set: a number is in it from take to give back, and is never given out again") {
  OpenSet open(16);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::uint64_t number = open.take();
    REQUIRE(number != 0);
    CHECK(seen.insert(number).second);
    CHECK(open.contains(number));
    open.give_back(number);
    CHECK_FALSE(open.contains(number));
  }
  CHECK_FALSE(open.contains(0));
}

TEST_CASE("open set: it says when it is full, and has room again when one goes") {
  OpenSet open(16);
  std::vector<std::uint64_t> numbers;
  numbers.reserve(16);
  for (int i = 0; i < 16; ++i)
    numbers.push_back(open.take());
  CHECK(open.take() == 0);
  open.give_back(numbers[5]);
  const std::uint64_t number = open.take();
  CHECK(number > numbers.back());
  CHECK(open.contains(numbers[6]));
  CHECK_FALSE(open.contains(numbers[5]));
}
