// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bench {

/// What a process and all its descendants have cost so far, by /proc.
struct Costs {
  double cpu_seconds = 0;     // user and system, of those that ended as well
  std::uint64_t pss_kib = 0;  // memory, shared pages divided among their users
};

/// Costs of the tree below `pid`, without the tree below `without` (0: nothing). Zeros for pid 0.
Costs costs_of(int pid, int without = 0);

}  // namespace bench
