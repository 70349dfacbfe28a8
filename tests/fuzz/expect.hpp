// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace rollcall::fuzz {

/// What must hold for every input. Ends the program when it does not, so that the fuzzer keeps the input.
inline void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

/// `part` is a view into `whole`, or empty.
inline void expect_inside(std::string_view part, std::string_view whole, const char* what) {
  expect(part.empty() ||
             (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size()),
         what);
}

}  // namespace rollcall::fuzz
