// SPDX-License-Identifier: Apache-2.0
#include "migrations.hpp"

#include "advisory_locks.hpp"

#include <string>

#include <rollcall/base/log.hpp>

#include <fmt/format.h>

namespace rollcall::storage {

namespace {

constexpr base::Log log{"storage"};

constexpr char create_table[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, "
    "applied timestamptz NOT NULL DEFAULT now())";

// The database computes the checksum; so whoever looks into it can compare a file by hand.
constexpr char checksum_of[] = "encode(sha256(convert_to($1, 'UTF8')), 'hex')";

std::string checksum(Link& link, const Migration& migration) {
  return link.ask(fmt::format("SELECT {}", checksum_of), {std::string(migration.sql)})[0][0]
      .as<std::string>();
}

base::Error conflict(std::string detail) {
  return {base::ErrorCode::conflict, std::move(detail)};
}

void apply(Link& link, const Migration& migration) {
  link.exec("BEGIN");
  try {
    link.exec(std::string(migration.sql));
    link.ask("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1::integer, $2, $3)",
             {std::to_string(migration.version), std::string(migration.name), checksum(link, migration)});
    link.exec("COMMIT");
  } catch (...) {
    if (link.is_open()) link.exec("ROLLBACK");
    throw;
  }
  log.info("schema_migrated", base::kv("migration", migration.name));
}

// What the database has must be the first of what we have, unchanged.
base::Result<> check_applied(Link& link, const pqxx::result& applied, std::span<const Migration> migrations) {
  for (pqxx::result::size_type i = 0; i < applied.size(); ++i) {
    const auto version = applied[i][0].as<int>();
    const auto name = applied[i][1].as<std::string>();
    const auto index = static_cast<std::size_t>(i);
    if (index >= migrations.size() || migrations[index].version != version)
      return conflict(
          fmt::format("the database has schema {} which this program does not know: it was used by a "
                      "newer version; start that one",
                      name));
    if (applied[i][2].as<std::string>() != checksum(link, migrations[index]))
      return conflict(
          fmt::format("schema {} was changed after the database was made with it; released migrations "
                      "are never edited",
                      name));
  }
  return base::Done{};
}

}  // namespace

base::Result<> migrate(Link& link, std::span<const Migration> migrations) {
  link.exec(fmt::format("SELECT pg_advisory_lock({})", schema_lock));
  link.exec(create_table);
  const pqxx::result applied =
      link.exec("SELECT version, name, checksum FROM schema_migrations ORDER BY version");
  if (auto checked = check_applied(link, applied, migrations); !checked) return checked;
  for (const Migration& migration : migrations.subspan(static_cast<std::size_t>(applied.size())))
    apply(link, migration);
  return base::Done{};
}

void release_schema_lock(Link& link) {
  link.exec(fmt::format("SELECT pg_advisory_unlock({})", schema_lock));
}

}  // namespace rollcall::storage
