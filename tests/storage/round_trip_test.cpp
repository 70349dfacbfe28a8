// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "fixture.hpp"

namespace rollcall::test {

TEST_CASE("storage: the secret of a database is made once, and each start counts as a run") {
  EmptyDatabase empty;
  auto first = open(empty.settings());
  CHECK(first->run() == 1);
  CHECK(first->secret().size() == 64);
  auto second = open(empty.settings());
  CHECK(second->run() == 2);
  CHECK(second->secret() == first->secret());
}

}  // namespace rollcall::test
