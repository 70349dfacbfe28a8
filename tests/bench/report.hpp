// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "costs.hpp"
#include "load.hpp"
#include "options.hpp"
#include "timeline.hpp"

#include <string>
#include <vector>

namespace bench {

/// Costs of server, database and this process, before and after a run.
struct Spent {
  Costs server_before, server_after, database_before, database_after;
  double generator_cpu_seconds = 0;
};

/// One line of JSON with everything that a run came to.
std::string to_json(const Options& options, Result& result, const Spent& spent,
                    const std::vector<Stretch>& timeline);

}  // namespace bench
