// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <algorithm>

#include <rollcall/base/ids.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace rollcall::test {

using namespace model;
using base::ErrorCode;
using base::Metric;

namespace {

Changes device(int number) {
  Changes changes;
  changes.emplace_back(SaveDevice{{aor(fmt::format("u{}@example.org", number)), "d", {}}});
  return changes;
}

bool in_order(const std::vector<engine::Verdict>& verdicts) {
  return std::ranges::is_sorted(verdicts, {}, &engine::Verdict::ticket);
}

// A key that no index takes: PostgreSQL refuses the row.
Changes poison() {
  Changes changes;
  changes.emplace_back(SaveDevice{{aor("poison@example.org"), base::random_hex(8'000), {}}});
  return changes;
}

}  // namespace

TEST_CASE(
    "journal: what waits while a commit is under way goes together in the next one, answered in order") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  for (int i = 0; i < 2'000; ++i)
    shard.submit(device(i));
  shard.wait_for(2'000);
  REQUIRE(shard.verdicts.size() == 2'000);
  CHECK(in_order(shard.verdicts));
  CHECK(std::ranges::all_of(shard.verdicts, [](const auto& verdict) { return verdict.result.ok(); }));
  CHECK(shard.cells.read(Metric::commits) < 500);
  CHECK(shard.cells.read(Metric::changes_committed) == 2'000);
  CHECK(shard.cells.read(Metric::commit_failures) == 0);
  CHECK(shard.cells.read(Metric::database_up) == 1);
  CHECK(empty.number("SELECT count(*) FROM devices") == 2'000);
}

TEST_CASE("journal: a committed entry's changes are given back") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const engine::Verdict verdict = shard.commit(device(7));
  REQUIRE(verdict.changes.size() == 1);
  CHECK(std::get<SaveDevice>(verdict.changes[0]).device.user == aor("u7@example.org"));
  CHECK_FALSE(verdict.late);
}

TEST_CASE("journal: an entry is committed whole or not at all") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  Changes changes = device(1);
  for (Change& change : poison())
    changes.push_back(std::move(change));
  CHECK_FALSE(shard.commit(std::move(changes)).result.ok());
  CHECK(empty.number("SELECT count(*) FROM devices") == 0);
}

TEST_CASE("journal: a row that the database refuses spoils its own entry and no other") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  for (int i = 0; i < 300; ++i)
    shard.submit(i == 57 || i == 58 || i == 211 ? poison() : device(i));
  shard.wait_for(300);
  REQUIRE(shard.verdicts.size() == 300);
  CHECK(in_order(shard.verdicts));
  for (const engine::Verdict& verdict : shard.verdicts) {
    const bool refused = verdict.ticket == 58 || verdict.ticket == 59 || verdict.ticket == 212;
    CAPTURE(verdict.ticket);
    REQUIRE(verdict.result.ok() != refused);
    if (refused) CHECK(verdict.result.error().code == ErrorCode::too_large);
  }
  CHECK(empty.number("SELECT count(*) FROM devices") == 297);
  CHECK(shard.journal().available());
}

TEST_CASE("journal: data that the database finds wrong is our fault, and the journal goes on") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  empty.sql(
      "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF new.device = 'bad' THEN RAISE EXCEPTION 'no' USING ERRCODE = '22023'; END IF; "
      "IF new.device = 'page' THEN RAISE EXCEPTION 'torn' USING ERRCODE = 'XX001'; END IF; RETURN new; END "
      "$$");
  empty.sql("CREATE TRIGGER refuse BEFORE INSERT ON devices FOR EACH ROW EXECUTE FUNCTION refuse()");
  TestShard shard(*database);
  const auto bad = shard.commit({SaveDevice{{aor("a@b"), "bad", {}}}});
  REQUIRE_FALSE(bad.result.ok());
  CHECK(bad.result.error().code == ErrorCode::internal);
  const auto page = shard.commit({SaveDevice{{aor("a@b"), "page", {}}}});
  REQUIRE_FALSE(page.result.ok());
  CHECK(page.result.error().code == ErrorCode::unavailable);
  CHECK(shard.journal().available());
  CHECK(shard.commit(device(1)).result.ok());
}

TEST_CASE("journal: a deadlock or serialization failure is tried again") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  empty.sql("CREATE SEQUENCE tries");
  empty.sql(
      "CREATE FUNCTION fail_twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "CASE nextval('tries') WHEN 1 THEN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; "
      "WHEN 2 THEN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; ELSE RETURN new; END CASE; END $$");
  empty.sql("CREATE TRIGGER fail_twice BEFORE INSERT ON devices FOR EACH ROW EXECUTE FUNCTION fail_twice()");
  TestShard shard(*database);
  CHECK(shard.commit(device(1)).result.ok());
  CHECK(empty.number("SELECT last_value FROM tries") == 3);
}

TEST_CASE("journal: a full disk makes it unavailable until there is room again") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  empty.sql("CREATE TABLE disk (is_full boolean)");
  empty.sql("INSERT INTO disk VALUES (true)");
  empty.sql(
      "CREATE FUNCTION write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF (SELECT is_full FROM disk) THEN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END IF; "
      "RETURN new; END $$");
  TestShard shard(*database);
  CHECK(shard.commit(device(1)).result.ok());
  for (const std::string table : {"devices", "journal"})
    empty.sql("CREATE TRIGGER write BEFORE INSERT OR UPDATE ON " + table +
              " FOR EACH ROW EXECUTE FUNCTION write()");
  const auto refused = shard.commit(device(2));
  REQUIRE_FALSE(refused.result.ok());
  CHECK(refused.result.error().code == ErrorCode::unavailable);
  CHECK_FALSE(shard.journal().available());
  CHECK(shard.cells.read(Metric::database_up) == 0);
  CHECK_FALSE(shard.commit(device(3)).result.ok());
  empty.sql("UPDATE disk SET is_full = false");
  CHECK(shard.wait_until_available(true));
  CHECK(shard.commit(device(4)).result.ok());
  CHECK(empty.number("SELECT count(*) FROM devices") == 2);
}

TEST_CASE("journal: a database that was made read only makes it unavailable until it is writable") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  CHECK(shard.commit(device(1)).result.ok());
  empty.sql(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', "
      "current_database()); END $$");
  empty.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
      "pid <> pg_backend_pid()");
  CHECK(shard.wait_until_available(false));
  const auto refused = shard.commit(device(2));
  REQUIRE_FALSE(refused.result.ok());
  CHECK(refused.result.error().code == ErrorCode::unavailable);
  empty.sql(
      "BEGIN; SET TRANSACTION READ WRITE; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET "
      "default_transaction_read_only', current_database()); END $$; COMMIT");
  CHECK(shard.wait_until_available(true));
  CHECK(shard.commit(device(3)).result.ok());
}

TEST_CASE("journal: stop() commits all that was submitted") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  for (int i = 0; i < 5'000; ++i)
    shard.submit(device(i));
  database->stop();
  shard.run_mailbox();
  CHECK(shard.verdicts.size() == 5'000);
  CHECK(std::ranges::all_of(shard.verdicts, [](const auto& verdict) { return verdict.result.ok(); }));
  CHECK(empty.number("SELECT count(*) FROM devices") == 5'000);
  database->stop();
}

TEST_CASE("journal: every mix of changes finds a statement, past the limit of prepared ones too") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const std::string name = "alice@example.org";
  const Changes kinds = {SaveDomain{{"example.org", {}}},
                         SaveUser{make_user(name)},
                         SaveDocument{make_document(name, "a")},
                         RemoveDocument{aor(name), "b"},
                         SaveBinding{make_binding(name, 1)},
                         RemoveBinding{aor(name), 2},
                         SavePublication{make_publication(name, 1)},
                         RemovePublication{aor(name), 2},
                         SaveDevice{{aor(name), "a", {}}},
                         RemoveMessage{aor(name), "2"},
                         SaveWaiting{make_waiting(name, "x@y")},
                         RemoveWaiting{aor(name), aor("y@y"), "presence"}};
  for (unsigned mix = 1; mix < 4'096; mix += 29) {
    Changes changes;
    for (std::size_t i = 0; i < kinds.size(); ++i)
      if ((mix >> i & 1U) != 0) changes.push_back(kinds[i]);
    CAPTURE(mix);
    REQUIRE(shard.commit(std::move(changes)).result.ok());
  }
  CHECK(empty.number("SELECT count(*) FROM bindings") == 1);
}

TEST_CASE("journal: a few shards share a connection, and each gets the verdicts on its own entries") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard first(*database), second(*database);
  for (int i = 0; i < 500; ++i) {
    first.submit(device(i));
    second.submit(i == 57 ? poison() : device(1'000 + i));
  }
  for (TestShard* shard : {&first, &second}) {
    shard->wait_for(500);
    REQUIRE(shard->verdicts.size() == 500);
    CHECK(in_order(shard->verdicts));
    CHECK(shard->cells.read(Metric::commit_failures) == (shard == &second ? 1 : 0));
  }
  CHECK_FALSE(second.verdicts[57].result.ok());
  CHECK(std::get<SaveDevice>(first.verdicts[3].changes[0]).device.user == aor("u3@example.org"));
  CHECK(std::get<SaveDevice>(second.verdicts[3].changes[0]).device.user == aor("u1003@example.org"));
  CHECK(empty.number("SELECT count(*) FROM devices") == 999);
  CHECK(empty.number("SELECT count(*) FROM journal") == 1);
}

TEST_CASE("journal: many shards have more than one connection, which write beside each other") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  std::vector<std::unique_ptr<TestShard>> shards;
  for (int i = 0; i < 5; ++i)
    shards.push_back(std::make_unique<TestShard>(*database));
  for (int i = 0; i < 200; ++i)
    for (const auto& shard : shards)
      shard->submit(device(i));
  for (const auto& shard : shards) {
    shard->wait_for(200);
    CHECK(std::ranges::all_of(shard->verdicts, [](const auto& verdict) { return verdict.result.ok(); }));
  }
  CHECK(empty.number("SELECT count(*) FROM devices") == 200);
  CHECK(empty.number("SELECT count(*) FROM journal") == 2);
}

TEST_CASE("journal: a shard may come while another one's entries are being written") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard first(*database);
  for (int i = 0; i < 500; ++i)
    first.submit(device(i));
  TestShard second(*database);
  CHECK(second.journal().available());
  CHECK(second.commit(device(1'000)).result.ok());
  first.wait_for(500);
  CHECK(first.verdicts.size() == 500);
}

TEST_CASE("journal: an entry without changes is committed like any other") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  CHECK(shard.commit({}).result.ok());
}

}  // namespace rollcall::test
