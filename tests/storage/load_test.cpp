// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <atomic>
#include <mutex>
#include <set>
#include <string_view>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace rollcall::test {

using namespace model;

namespace {

constexpr std::size_t shards = 3;

std::size_t owner(std::string_view aor) {
  return sip::AorHash{}(aor) % shards;
}

// Copies of the one binding that is there, for as many users.
void multiply_bindings(const EmptyDatabase& empty, int users) {
  empty.sql(fmt::format(
      "INSERT INTO bindings SELECT 'u' || n || '@example.org', n, contact, parameters, instance, "
      "reg_id, call_id, cseq, q, path, flow, behind_nat, user_agent, allow, accept, updated, expires "
      "FROM bindings, generate_series(1, {}) AS n",
      users));
}

// What one shard was given, and by whom.
struct Given {
  std::vector<std::size_t> kinds;  // each one once, as they came
  std::set<std::thread::id> threads;
  std::size_t strangers = 0;
  std::set<std::string> users;

  void take(const Change& change, std::size_t shard) {
    if (kinds.empty() || kinds.back() != change.index()) kinds.push_back(change.index());
    threads.insert(std::this_thread::get_id());
    const auto* save = std::get_if<SaveBinding>(&change);
    if (!save) return;
    strangers += owner(save->binding.aor.text()) == shard ? 0 : 1;
    users.insert(save->binding.aor.text());
  }
};

}  // namespace

TEST_CASE("load: each shard gets the rows of its own users, in order of kinds, on a thread of its own") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const std::string odd = "o'hara \"x\" {\\} ; --\xC3\xA4@example.org";
  CHECK(shard
            .commit({SaveDomain{{"example.org", {}}}, SaveUser{make_user(odd)},
                     SaveBinding{make_binding(odd, 1)}, SaveSubscription{make_subscription(odd, 1)}})
            .result.ok());
  multiply_bindings(empty, 3'000);
  std::vector<Given> given(shards);
  const auto loaded = database->load(
      {}, {shards, owner, [&](std::size_t to, Change&& change) { given[to].take(change, to); }});
  REQUIRE(loaded.ok());
  CHECK(loaded->domains == 1);
  CHECK(loaded->bindings == 3'001);
  std::set<std::thread::id> threads;
  std::size_t users = 0;
  const Changes order = {SaveDomain{}, SaveUser{}, SaveBinding{}, SaveSubscription{}};
  for (std::size_t to = 0; to < shards; ++to) {
    const bool owns_odd = to == owner(odd);
    std::vector<std::size_t> kinds;
    for (const Change& change : order)
      if (owns_odd || change.index() == order[0].index() || change.index() == order[2].index())
        kinds.push_back(change.index());
    CHECK(given[to].kinds == kinds);
    CHECK(given[to].strangers == 0);
    CHECK(given[to].users.contains(odd) == owns_odd);
    CHECK(given[to].threads.size() == 1);
    threads.insert(given[to].threads.begin(), given[to].threads.end());
    users += given[to].users.size();
  }
  CHECK(threads.size() == shards);
  CHECK(users == 3'001);
}

TEST_CASE("load: a row whose key was written by hand in another spelling goes to its user's shard") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  for (const std::string name : {"alice", "bob", "carol", "dave", "erin"})
    CHECK(shard.commit({SaveBinding{make_binding(name + "@example.org", 1)}}).result.ok());
  empty.sql("UPDATE bindings SET aor = replace(aor, 'example', 'EXAMPLE')");
  std::vector<Given> given(shards);
  const auto loaded = database->load(
      {}, {shards, owner, [&](std::size_t to, Change&& change) { given[to].take(change, to); }});
  REQUIRE(loaded.ok());
  CHECK(loaded->bindings == 5);
  std::size_t users = 0;
  for (const Given& part : given) {
    CHECK(part.strangers == 0);
    users += part.users.size();
  }
  CHECK(users == 5);
}

TEST_CASE("load: a connection that breaks in the middle is an error, and nothing is called afterwards") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  CHECK(shard.commit({SaveBinding{make_binding("alice@example.org", 1)}}).result.ok());
  // More than sockets and lanes hold together.
  multiply_bindings(empty, 60'000);
  std::once_flag cut;
  std::atomic<std::int64_t> rows = 0;
  const auto loaded = database->load(
      {}, {shards, owner, [&](std::size_t, Change&&) {
             std::call_once(cut, [&] {
               empty.sql(
                   "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND "
                   "datname = current_database() AND pid <> pg_backend_pid()");
             });
             ++rows;
           }});
  REQUIRE_FALSE(loaded.ok());
  CHECK(loaded.error().code == base::ErrorCode::unavailable);
  CHECK(rows < 60'001);
  CHECK(load_all(*database).size() == 60'001);
}

}  // namespace rollcall::test
