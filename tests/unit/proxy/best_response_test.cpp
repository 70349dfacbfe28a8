// SPDX-License-Identifier: Apache-2.0
#include <initializer_list>
#include <iterator>

#include <rollcall/proxy/best_response.hpp>

#include <doctest/doctest.h>

using rollcall::proxy::is_better;

TEST_CASE("best response: 2xx, then 6xx, then the lowest class [RFC 3261 §16.7 step 6]") {
  constexpr int in_order[] = {200, 603, 302, 486, 500};
  for (std::size_t i = 0; i < std::size(in_order); ++i)
    for (std::size_t j = 0; j < std::size(in_order); ++j)
      CHECK(is_better(in_order[i], in_order[j]) == (i < j));
}

TEST_CASE("best response: of 4xx those that say how to ask again come first [RFC 3261 §16.7 step 6]") {
  for (const int telling : {401, 407, 415, 420, 484})
    for (const int other : {400, 404, 408, 480, 486, 487}) {
      CHECK(is_better(telling, other));
      CHECK_FALSE(is_better(other, telling));
    }
}

TEST_CASE("best response: a device that said something comes before one that was not reached") {
  CHECK(is_better(486, 480));
  CHECK(is_better(486, 404));
  CHECK(is_better(486, 408));
  CHECK(is_better(480, 408));
  CHECK(is_better(487, 408));
  CHECK(is_better(500, 503));
  CHECK(is_better(408, 503));
}

TEST_CASE("best response: of equal ones the first stays") {
  CHECK_FALSE(is_better(486, 486));
  CHECK_FALSE(is_better(401, 407));
  CHECK_FALSE(is_better(407, 401));
}
