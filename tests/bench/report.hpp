// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "costs.hpp"
#include "load.hpp"
#include "options.hpp"

#include <string>

namespace bench {

/// Costs of server and database, before and after a run.
struct Spent {
  Costs server_before, server_after, database_before, database_after;
};

/// One line of JSON with everything that a run came to.
std::string to_json(const Options& options, Result& result, const Spent& spent);

}  // namespace bench
