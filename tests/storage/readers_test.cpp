// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <algorithm>
#include <future>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <pqxx/nontransaction>

namespace rollcall::test {

using namespace model;
using engine::PageRequest;

namespace {

// Asks on a reader's thread and waits for the answer.
template <class F>
auto ask(storage::Database& database, F question) {
  std::promise<decltype(question(std::declval<engine::Queries&>()))> answer;
  auto future = answer.get_future();
  database.readers().post(
      [&answer, question](engine::Queries& queries) mutable { answer.set_value(question(queries)); });
  return future.get();
}

}  // namespace

TEST_CASE("readers: pages of users follow each other without gap or repetition") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  Changes changes;
  for (int i = 0; i < 25; ++i)
    changes.emplace_back(SaveUser{make_user(fmt::format("u{:02}@example.org", i))});
  changes.emplace_back(SaveUser{make_user("other@example.net")});
  CHECK(shard.commit(changes).result.ok());

  std::vector<std::string> seen;
  PageRequest request{"", 10, ""};
  for (int pages = 0; pages < 4; ++pages) {
    const auto page =
        ask(*database, [&](engine::Queries& queries) { return queries.users("example.org", request); });
    REQUIRE(page.ok());
    for (const User& user : page->rows)
      seen.push_back(user.aor.text());
    // A user made behind the cursor appears, one before it does not disturb.
    CHECK(shard.commit({SaveUser{make_user("a@example.org")}}).result.ok());
    request.after = page->next;
    if (page->next.empty()) break;
  }
  REQUIRE(seen.size() == 25);
  CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 25);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
}

TEST_CASE("readers: a user comes back whole, and a search finds parts of names in any case") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  User alice = make_user("alice@example.org"), bob = make_user("bob%_@example.org");
  alice.display_name = "Alice Lidell 100%";
  CHECK(shard.commit({SaveUser{alice}, SaveUser{bob}}).result.ok());
  const auto found = [&](const std::string& search) {
    const auto page = ask(*database, [&](engine::Queries& queries) {
      return queries.users("example.org", {"", 100, search});
    });
    REQUIRE(page.ok());
    return page->rows;
  };
  REQUIRE(found("").size() == 2);
  CHECK(found("")[0] == alice);
  CHECK(found("")[1] == bob);
  CHECK(found("LIDELL").size() == 1);
  CHECK(found("lic").size() == 1);
  CHECK(found("example").empty());
  CHECK(found("b%_")[0] == bob);
  CHECK(found("0%").at(0) == alice);
  CHECK(found("%%").empty());
  CHECK(found("' OR 1=1 --").empty());
}

TEST_CASE("readers: a cursor that is none is malformed") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  for (const std::string cursor : {"x", "'; DROP TABLE users; --", "0"}) {
    const auto page = ask(*database, [&](engine::Queries& queries) {
      return queries.users("example.org", {cursor, 10, ""});
    });
    REQUIRE_FALSE(page.ok());
    CHECK(page.error().code == base::ErrorCode::malformed);
  }
}

TEST_CASE("readers: a limit is kept to between 1 and 1000") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  CHECK(shard.commit({SaveDomain{{"a.example", {}}}, SaveDomain{{"b.example", {}}}}).result.ok());
  for (const std::int64_t limit : {std::int64_t{-5}, std::int64_t{0}}) {
    const auto page = ask(*database, [&](engine::Queries& queries) {
      return queries.domains({"", limit, ""});
    });
    REQUIRE(page.ok());
    CHECK(page->rows.size() == 1);
    CHECK_FALSE(page->next.empty());
  }
  const auto all = ask(*database, [](engine::Queries& queries) {
    return queries.domains({"", std::numeric_limits<std::int64_t>::max(), ""});
  });
  REQUIRE(all.ok());
  CHECK(all->rows.size() == 2);
  CHECK(all->next.empty());
}

TEST_CASE("readers: a document is read whole, and a list tells what an owner has") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const sip::Aor owner = aor("alice@example.org");
  Document plain = make_document(owner.text(), "resource-lists/index");
  plain.body = "<a>12345</a>";
  const Document odd = make_document(owner.text(), awkward());
  const Document global = make_document("", "resource-lists/index");
  CHECK(shard
            .commit({SaveDocument{odd}, SaveDocument{plain}, SaveDocument{global},
                     SaveDocument{make_document("x@example.org", "resource-lists/index")}})
            .result.ok());
  const auto read = [&](const sip::Aor& whose, const std::string& path) {
    return ask(*database, [&](engine::Queries& q) { return q.document(whose, path); }).value();
  };
  CHECK(read(owner, odd.path) == odd);
  CHECK(read(owner, plain.path) == plain);
  CHECK(read({}, plain.path) == global);
  CHECK_FALSE(read(owner, "resource-lists/other"));
  const auto rows = ask(*database, [&](engine::Queries& q) { return q.documents(owner); });
  REQUIRE(rows.ok());
  REQUIRE(rows->size() == 2);
  const auto row = std::ranges::find(*rows, plain.path, &engine::DocumentRow::path);
  REQUIRE(row != rows->end());
  CHECK(*row == engine::DocumentRow{plain.path, plain.etag, 12, plain.updated});
  CHECK(ask(*database, [&](engine::Queries& q) { return q.documents(aor("nobody@example.org")); })
            .value()
            .empty());
}

TEST_CASE("readers: a list service is found by its URI, and is taken for every other document") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  Document first = make_document("alice@example.org", "rls-services/index");
  first.services = {"sip:friends@example.org", "sip:o'\"hara@example.org"};
  Document second = make_document("bob@example.org", "rls-services/index");
  second.services = {"sip:work@example.org"};
  Document none = make_document("carol@example.org", "rls-services/index");
  none.services = {};
  CHECK(shard.commit({SaveDocument{second}, SaveDocument{first}, SaveDocument{none}}).result.ok());
  const auto service = [&](const std::string& uri) {
    return ask(*database, [&](engine::Queries& q) { return q.service(uri); }).value();
  };
  CHECK(service("sip:friends@example.org") == first);
  CHECK(service(first.services[1]) == first);
  CHECK(service("sip:work@example.org") == second);
  CHECK_FALSE(service("sip:nobody@example.org"));
  const auto taken = [&](const Document& document, const std::vector<std::string>& uris) {
    auto list = ask(*database, [&](engine::Queries& q) {
                  return q.taken_services(uris, document.owner, document.path);
                }).value();
    std::ranges::sort(list);
    return list;
  };
  CHECK(taken(first, {"sip:friends@example.org", "sip:new@example.org"}).empty());
  CHECK(taken(first, {"sip:work@example.org", "sip:new@example.org"}) == second.services);
  CHECK(taken(second, first.services) == first.services);
  CHECK(taken(second, {}).empty());
  const auto all = ask(*database, [](engine::Queries& q) { return q.service_documents(10); });
  REQUIRE(all.ok());
  CHECK(*all == std::vector<Document>{first, second});
  CHECK(ask(*database, [](engine::Queries& q) { return q.service_documents(1); })->size() == 1);
}

TEST_CASE("readers: a waiting message comes back whole, oldest first") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const sip::Aor bob = aor("bob@example.org");
  const StoredMessage first = make_message(bob.text(), "01"), second = make_message(bob.text(), "02");
  CHECK(shard.commit({SaveMessage{second}, SaveMessage{first}}).result.ok());
  const auto page = ask(*database, [&](engine::Queries& q) { return q.messages(bob, {}); });
  REQUIRE(page.ok());
  REQUIRE(page->rows.size() == 2);
  CHECK(page->rows[0] == first);
  CHECK(page->rows[1] == second);
  CHECK(ask(*database, [&](engine::Queries& q) { return q.message(bob, "02"); }).value() == second);
  CHECK_FALSE(ask(*database, [&](engine::Queries& q) { return q.message(bob, "03"); }).value());
}

TEST_CASE("readers: they survive a cut connection, and say when the database is gone") {
  const TemporaryFolder folder;
  make_cluster_folder(folder.path() / "c");
  auto cluster = std::move(*storage::Cluster::start({folder.path() / "c", {}, std::chrono::seconds(60), 20}));
  storage::Settings settings;
  settings.url = cluster->url();
  auto database = open(settings);
  const auto ping = [&] { return ask(*database, [](engine::Queries& q) { return q.ping(); }); };
  CHECK(ping().ok());
  pqxx::connection connection(cluster->url());
  pqxx::nontransaction(connection)
      .exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
  CHECK(ping().ok());
  CHECK(ping().ok());
  cluster->stop();
  const auto gone = ping();
  REQUIRE_FALSE(gone.ok());
  CHECK(gone.error().code == base::ErrorCode::unavailable);
}

TEST_CASE("readers: after stop() questions are dropped and their promises broken, none hangs") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  database->stop();
  std::promise<void> promise;
  auto future = promise.get_future();
  database->readers().post([promise = std::move(promise)](engine::Queries&) mutable { promise.set_value(); });
  CHECK_THROWS_AS(future.get(), std::future_error);
}

}  // namespace rollcall::test
