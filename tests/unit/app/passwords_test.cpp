// SPDX-License-Identifier: Apache-2.0
#include "passwords.hpp"

#include <set>

#include <doctest/doctest.h>

TEST_CASE("passwords: each that is made is new, and four groups of five without look-alikes") {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::string password = rollcall::app::make_password();
    REQUIRE(password.size() == 23);
    CHECK(password.find_first_not_of("23456789abcdefghijkmnpqrstuvwxyz-") == std::string::npos);
    for (const std::size_t hyphen : {5, 11, 17})
      CHECK(password[hyphen] == '-');
    seen.insert(password);
  }
  CHECK(seen.size() == 1'000);
}
