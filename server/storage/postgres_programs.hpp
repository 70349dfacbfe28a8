// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "child_process.hpp"

#include <filesystem>
#include <optional>
#include <string>

#include <rollcall/base/result.hpp>

namespace rollcall::storage {

/// Where initdb and postgres are, and their major version.
struct PostgresPrograms {
  std::filesystem::path folder;
  int major = 0;
};

/// In the folder that is configured; else in that which pg_config names and in the versioned folders
/// of the distributions: the version that the cluster was made by, for a new one the highest. Errors
/// say what to install or to do.
base::Result<PostgresPrograms> find_programs(const std::filesystem::path& configured,
                                             std::optional<int> made_by, const Account& account);

/// "postgres (PostgreSQL) 15.20 (Debian ...)" -> 15; 0 for anything else.
int major_version(const std::string& text);

}  // namespace rollcall::storage
