// SPDX-License-Identifier: Apache-2.0
#include "migrations.hpp"

#include "fixture.hpp"

#include <algorithm>

#include <doctest/doctest.h>

namespace rollcall::test {

using namespace storage;

namespace {

struct Connected {
  explicit Connected(const EmptyDatabase& database)
      : watchdog(std::chrono::seconds(10)), link(database.url(), Link::Purpose::setup, watchdog) {}
  Watchdog watchdog;
  Link link;
};

std::string describe(const EmptyDatabase& database) {
  const auto rows = database.sql(
      "SELECT string_agg(table_name || '.' || column_name || ' ' || data_type, '; ' ORDER BY table_name, "
      "ordinal_position) FROM information_schema.columns WHERE table_schema = 'public'");
  return rows[0][0].as<std::string>("");
}

}  // namespace

TEST_CASE("migrations: an empty database and one of every older version end with the same schema") {
  EmptyDatabase fresh;
  open(fresh.settings());
  const std::string expected = describe(fresh);
  CHECK(expected.find("bindings.aor text") != std::string::npos);
  const auto all = embedded_migrations();
  for (std::size_t version = 0; version <= all.size(); ++version) {
    CAPTURE(version);
    EmptyDatabase older;
    {
      Connected connected(older);
      REQUIRE(migrate(connected.link, all.first(version)).ok());
    }
    open(older.settings());
    CHECK(describe(older) == expected);
    CHECK(older.number("SELECT count(*) FROM schema_migrations") == static_cast<std::int64_t>(all.size()));
  }
}

TEST_CASE("migrations: the files are numbered from 1 without a gap") {
  int expected = 1;
  for (const Migration& migration : embedded_migrations())
    CHECK(migration.version == expected++);
}

TEST_CASE("migrations: every table that grows with users leads its primary key with the user") {
  EmptyDatabase empty;
  open(empty.settings());
  const auto rows = empty.sql(
      "SELECT t.relname, a.attname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
      "JOIN pg_namespace n ON n.oid = t.relnamespace "
      "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0] "
      "WHERE n.nspname = 'public' AND i.indisprimary ORDER BY 1");
  CHECK(rows.size() == 12);
  for (const auto& row : rows) {
    const auto table = row[0].as<std::string>(), column = row[1].as<std::string>();
    CAPTURE(table);
    const bool of_server = table == "server" || table == "journal" || table == "schema_migrations";
    const bool by_user =
        column == "aor" || column == "owner" || column == "presentity" || column == "receiver";
    CHECK((of_server || by_user || table == "domains"));
  }
  CHECK(empty.number("SELECT count(*) FROM pg_constraint WHERE contype = 'f'") == 0);
  CHECK(empty.number("SELECT count(*) FROM pg_sequences") == 0);
}

TEST_CASE("migrations: one that fails leaves nothing behind") {
  EmptyDatabase empty;
  Connected connected(empty);
  const Migration broken[] = {{1, "0001_good.sql", "CREATE TABLE good (x integer)"},
                              {2, "0002_bad.sql", "CREATE TABLE half (x integer); SELECT 1/0"}};
  CHECK_THROWS(static_cast<void>(migrate(connected.link, broken)));
  CHECK(describe(empty).find("good.x") != std::string::npos);
  CHECK(describe(empty).find("half.x") == std::string::npos);
  CHECK(empty.number("SELECT max(version) FROM schema_migrations") == 1);
}

TEST_CASE("migrations: an edited one is refused by its name") {
  EmptyDatabase empty;
  open(empty.settings());
  empty.sql("UPDATE schema_migrations SET checksum = 'x' WHERE version = 2");
  const auto opened = Database::open(empty.settings());
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == base::ErrorCode::conflict);
  CHECK(opened.error().detail.find("0002_accounts.sql was changed") != std::string::npos);
}

TEST_CASE("migrations: a database of a newer version is refused") {
  EmptyDatabase empty;
  open(empty.settings());
  empty.sql("INSERT INTO schema_migrations VALUES (999, '0999_future.sql', 'x')");
  const auto opened = Database::open(empty.settings());
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == base::ErrorCode::conflict);
  CHECK(opened.error().detail.find("0999_future.sql") != std::string::npos);
}

TEST_CASE("database: a wrong password or database name is reported at once") {
  EmptyDatabase empty;
  Settings settings = empty.settings();
  settings.url.replace(settings.url.find("/test_"), 6, "/gone_");
  const auto opened = Database::open(settings);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == base::ErrorCode::unavailable);
  CHECK(opened.error().detail.find("does not exist") != std::string::npos);
}

TEST_CASE("database: an address without a database is reported when its time is over") {
  Settings settings;
  settings.url = "postgresql://nobody@127.0.0.1:1/nothing";
  settings.start_within = std::chrono::milliseconds(200);
  const auto opened = Database::open(settings);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == base::ErrorCode::unavailable);
}

}  // namespace rollcall::test
