// SPDX-License-Identifier: Apache-2.0
#include "postgres_programs.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

namespace rollcall::storage {

namespace fs = std::filesystem;

namespace {

// Generated columns and plan_cache_mode came with it.
constexpr int oldest_major = 12;

void add_folder(std::vector<PostgresPrograms>& found, const fs::path& folder, const Account& account) {
  std::error_code error;
  if (!fs::exists(folder / "initdb", error) || !fs::exists(folder / "postgres", error)) return;
  const int major =
      major_version(run_to_end({{(folder / "postgres").string(), "--version"}, account}).output);
  if (major > 0) found.push_back({folder, major});
}

// Folders like /usr/lib/postgresql/15/bin and /usr/pgsql-15/bin.
std::vector<fs::path> versioned_folders() {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error))
    folders.push_back(entry.path() / "bin");
  for (const auto& entry : fs::directory_iterator("/usr", error))
    if (entry.path().filename().string().starts_with("pgsql-")) folders.push_back(entry.path() / "bin");
  folders.emplace_back("/usr/local/pgsql/bin");
  return folders;
}

std::vector<PostgresPrograms> installed(const Account& account) {
  std::vector<PostgresPrograms> found;
  if (fs::exists("/usr/bin/pg_config")) {
    std::string folder = run_to_end({{"/usr/bin/pg_config", "--bindir"}, account}).output;
    add_folder(found, folder.substr(0, folder.find('\n')), account);
  }
  for (const fs::path& folder : versioned_folders())
    add_folder(found, folder, account);
  return found;
}

base::Error wrong_version(int made_by, int found) {
  return {base::ErrorCode::conflict,
          fmt::format(
              "the data folder needs PostgreSQL {}, found {}: install version {}, or dump the database with "
              "it (pg_dump) and restore into a new data folder",
              made_by, found, made_by)};
}

}  // namespace

int major_version(const std::string& text) {
  static constexpr std::string_view mark = "(PostgreSQL) ";
  const auto at = text.find(mark);
  return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + mark.size());
}

base::Result<PostgresPrograms> find_programs(const fs::path& configured, std::optional<int> made_by,
                                             const Account& account) {
  std::vector<PostgresPrograms> found;
  if (configured.empty()) {
    found = installed(account);
  } else {
    add_folder(found, configured, account);
  }
  if (found.empty())
    return base::unavailable(
        configured.empty()
            ? "no PostgreSQL found: install it (Debian: apt install postgresql-15) or set database.url"
            : fmt::format("no PostgreSQL in {}: initdb or postgres is missing", configured.string()));
  if (made_by) {
    const auto same = std::ranges::find(found, *made_by, &PostgresPrograms::major);
    if (same == found.end())
      return wrong_version(*made_by, std::ranges::max(found, {}, &PostgresPrograms::major).major);
    return *same;
  }
  const PostgresPrograms newest = std::ranges::max(found, {}, &PostgresPrograms::major);
  if (newest.major < oldest_major)
    return base::unavailable(
        fmt::format("PostgreSQL {} is too old: {} or newer is needed", newest.major, oldest_major));
  return newest;
}

}  // namespace rollcall::storage
