// SPDX-License-Identifier: Apache-2.0
// What is promised when the database goes away: nothing that got an ok verdict is missing, what
// failed is not there (or comes late), and all goes on without a restart.
#include "fixture.hpp"

#include <csignal>
#include <map>
#include <set>

#include <dirent.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rollcall::test {

using namespace model;
using base::ErrorCode;

namespace {

// What memory would hold: user -> CSeq of the binding, by the verdicts in their order.
using Memory = std::map<std::string, std::uint32_t>;

Memory remembered(const std::vector<engine::Verdict>& verdicts) {
  Memory memory;
  for (const engine::Verdict& verdict : verdicts)
    for (const Change& change : verdict.changes) {
      const Binding& binding = std::get<SaveBinding>(change).binding;
      memory[binding.aor.text()] = binding.cseq;
    }
  return memory;
}

Memory kept(storage::Database& database) {
  Memory memory;
  for (const Change& change : load_all(database))
    if (const auto* save = std::get_if<SaveBinding>(&change))
      memory[save->binding.aor.text()] = save->binding.cseq;
  return memory;
}

Changes registration(int user, std::uint32_t cseq) {
  Binding binding = make_binding(fmt::format("u{}@example.org", user), 1);
  binding.cseq = cseq;
  Changes changes;
  changes.emplace_back(SaveBinding{binding});
  return changes;
}

Changes device(const std::string& name) {
  Changes changes;
  changes.emplace_back(SaveDevice{{aor("a@b"), name, {}}});
  return changes;
}

// The device in a late verdict.
std::string saved_late(const engine::Verdict& verdict) {
  if (!verdict.late || verdict.changes.size() != 1) return "";
  return std::get<SaveDevice>(verdict.changes[0]).device.device.str();
}

std::set<int> open_sockets() {
  std::set<int> sockets;
  DIR* folder = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(folder)) {
    const int file = std::atoi(entry->d_name);
    int type = 0;
    socklen_t size = sizeof(type);
    if (::getsockopt(file, SOL_SOCKET, SO_TYPE, &type, &size) == 0) sockets.insert(file);
  }
  ::closedir(folder);
  return sockets;
}

// A shard whose connection the test can cut, and a trigger that makes each save of a device slow.
struct SlowShard {
  SlowShard() {
    empty.sql("CREATE TABLE pace (seconds float)");
    empty.sql("INSERT INTO pace VALUES (0)");
    empty.sql(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_sleep((SELECT seconds FROM pace)); RETURN new; END $$");
    database = open(settings());
    empty.sql("CREATE TRIGGER slow BEFORE INSERT ON devices FOR EACH ROW EXECUTE FUNCTION slow()");
    const std::set<int> before = open_sockets();
    shard = std::make_unique<TestShard>(*database);
    other = std::make_unique<TestShard>(*database);
    for (const int file : open_sockets())
      if (!before.contains(file)) socket = file;
  }
  storage::Settings settings() const {
    storage::Settings made = empty.settings();
    made.answer_within = std::chrono::seconds(3);
    return made;
  }
  void pace(double seconds) const { empty.sql(fmt::format("UPDATE pace SET seconds = {}", seconds)); }
  // The backend of the journal, once it sleeps in the trigger.
  int sleeping_backend() const {
    for (int i = 0; i < 1'000; ++i) {
      const auto found = empty.sql(
          "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND "
          "wait_event = 'PgSleep'");
      if (!found.empty()) return found[0][0].as<int>();
      ::usleep(5'000);
    }
    return 0;
  }
  int backend() const {
    return static_cast<int>(
        empty.number("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND "
                     "query LIKE '%mark%' AND pid <> pg_backend_pid()"));
  }
  std::int64_t devices() const { return empty.number("SELECT count(*) FROM devices"); }

  EmptyDatabase empty;
  std::unique_ptr<storage::Database> database;
  std::unique_ptr<TestShard> shard, other;  // on one connection
  int socket = -1;
};

}  // namespace

TEST_CASE("lost database: memory and database agree after PostgreSQL was killed again and again") {
  const TemporaryFolder folder;
  make_cluster_folder(folder.path() / "c");
  auto cluster = std::move(*storage::Cluster::start({folder.path() / "c", {}, std::chrono::seconds(60), 20}));
  storage::Settings settings;
  settings.url = cluster->url();
  auto database = open(settings);
  TestShard shard(*database);
  std::uint32_t cseq = 0;
  for (int kills = 0; kills < 4; ++kills) {
    const std::size_t before = shard.verdicts.size();
    pid_t process = 0;
    for (int i = 0; i < 400; ++i) {
      shard.submit(registration(i % 50, ++cseq));
      if (i % 20 == 0) shard.run_mailbox();
      if (i == 200) {
        shard.wait_for(before + 20);
        // 0 while it is down, and a signal to process 0 would go to this whole group of processes.
        process = cluster->process();
        REQUIRE(process > 0);
        ::kill(process, SIGKILL);
      }
    }
    shard.wait_for(before + 400);
    // The backends of a killed PostgreSQL live on for a moment: what they still commit is kept as well.
    REQUIRE(started_anew(*cluster, process));
    REQUIRE(shard.wait_until_available(true));
    CHECK(kept(*database) == remembered(shard.verdicts));
  }
  CHECK(shard.submit(registration(1, ++cseq)) > 0);
  shard.wait_for(shard.verdicts.size() + 1);
  CHECK(kept(*database) == remembered(shard.verdicts));
}

TEST_CASE("lost database: without it every entry fails at once, and it is used again when it is back") {
  const TemporaryFolder folder;
  make_cluster_folder(folder.path() / "c");
  const storage::Cluster::Settings where{folder.path() / "c", {}, std::chrono::seconds(60), 20};
  auto cluster = std::move(*storage::Cluster::start(where));
  storage::Settings settings;
  settings.url = cluster->url();
  auto database = open(settings);
  TestShard shard(*database);
  CHECK(shard.commit(device("1")).result.ok());
  cluster.reset();
  // An idle journal notices by itself.
  CHECK(shard.wait_until_available(false));
  for (int i = 0; i < 100; ++i) {
    const auto refused = shard.commit(device("2"));
    REQUIRE_FALSE(refused.result.ok());
    CHECK(refused.result.error().code == ErrorCode::unavailable);
  }
  cluster = std::move(*storage::Cluster::start(where));
  CHECK(shard.wait_until_available(true));
  CHECK(shard.commit(device("3")).result.ok());
}

TEST_CASE("lost database: an idle connection that is cut is replaced before anybody notices") {
  SlowShard slow;
  CHECK(slow.shard->commit(device("first")).result.ok());
  const std::string link = "SELECT link FROM journal";
  const std::int64_t before = slow.empty.number(link);
  slow.empty.sql(fmt::format("SELECT pg_terminate_backend({})", slow.backend()));
  for (int i = 0; i < 2'000 && slow.empty.number(link) == before; ++i)
    ::usleep(5'000);
  CHECK(slow.shard->commit(device("second")).result.ok());
  CHECK(slow.devices() == 2);
}

TEST_CASE("lost database: a batch whose commit was not heard of is handed over late") {
  SlowShard slow;
  slow.pace(0.5);
  slow.shard->submit(device("in doubt"));
  REQUIRE(slow.sleeping_backend() != 0);
  ::shutdown(slow.socket, SHUT_RDWR);
  slow.shard->wait_for(1);
  CHECK_FALSE(slow.shard->verdicts[0].result.ok());
  CHECK(slow.shard->verdicts[0].result.error().code == ErrorCode::unavailable);
  CHECK_FALSE(slow.shard->journal().available());
  REQUIRE(slow.shard->wait_until_available(true));
  REQUIRE(slow.shard->verdicts.size() == 2);
  const engine::Verdict& late = slow.shard->verdicts[1];
  CHECK(late.late);
  CHECK(late.ticket == 1);
  CHECK(late.result.ok());
  REQUIRE(late.changes.size() == 1);
  CHECK(std::get<SaveDevice>(late.changes[0]).device.device == "in doubt");
  CHECK(slow.devices() == 1);
}

TEST_CASE("lost database: each shard is told, and hears late what was its own") {
  SlowShard slow;
  slow.pace(0.5);
  slow.shard->submit(device("first"));
  REQUIRE(slow.sleeping_backend() != 0);
  // Both wait for the connection, and go into one batch.
  slow.shard->submit(device("one"));
  slow.other->submit(device("two"));
  slow.shard->wait_for(1);
  REQUIRE(slow.sleeping_backend() != 0);
  ::shutdown(slow.socket, SHUT_RDWR);
  slow.shard->wait_for(3);
  slow.other->wait_for(2);
  REQUIRE(slow.shard->verdicts.size() == 3);
  REQUIRE(slow.other->verdicts.size() == 2);
  CHECK_FALSE(slow.shard->verdicts[1].result.ok());
  CHECK_FALSE(slow.other->verdicts[0].result.ok());
  CHECK(saved_late(slow.shard->verdicts[2]) == "one");
  CHECK(saved_late(slow.other->verdicts[1]) == "two");
  CHECK(slow.shard->journal().available());
  CHECK(slow.other->journal().available());
  CHECK(slow.devices() == 3);
}

TEST_CASE("lost database: a batch that was rolled back stays failed") {
  SlowShard slow;
  slow.pace(30);
  slow.shard->submit(device("in doubt"));
  const int backend = slow.sleeping_backend();
  REQUIRE(backend != 0);
  ::shutdown(slow.socket, SHUT_RDWR);
  slow.shard->wait_for(1);
  slow.empty.sql(fmt::format("SELECT pg_terminate_backend({})", backend));
  REQUIRE(slow.shard->wait_until_available(true));
  CHECK(slow.shard->verdicts.size() == 1);
  CHECK(slow.devices() == 0);
  slow.pace(0);
  CHECK(slow.shard->commit(device("next")).result.ok());
}

TEST_CASE("lost database: a batch that the old connection reads late takes no effect") {
  SlowShard slow;
  CHECK(slow.shard->commit(device("first")).result.ok());
  const int backend = slow.backend();
  // It hangs before it has read the statement.
  REQUIRE(::kill(backend, SIGSTOP) == 0);
  slow.shard->submit(device("in doubt"));
  slow.shard->run_mailbox();
  ::usleep(50'000);  // the statement is on its way: nothing shows when it has arrived
  ::shutdown(slow.socket, SHUT_RDWR);
  slow.shard->wait_for(2);
  CHECK_FALSE(slow.shard->verdicts[1].result.ok());
  REQUIRE(slow.shard->wait_until_available(true));
  REQUIRE(::kill(backend, SIGCONT) == 0);
  for (int i = 0; i < 1'000 && slow.empty.number(fmt::format(
                                   "SELECT count(*) FROM pg_stat_activity WHERE pid = {}", backend)) != 0;
       ++i)
    ::usleep(5'000);
  CHECK(slow.shard->verdicts.size() == 2);
  CHECK(slow.devices() == 1);
  CHECK(slow.shard->commit(device("next")).result.ok());
  CHECK(slow.devices() == 2);
}

TEST_CASE("lost database: one that hangs counts as gone after answer_within") {
  SlowShard slow;
  CHECK(slow.shard->commit(device("first")).result.ok());
  const int backend = slow.backend();
  REQUIRE(::kill(backend, SIGSTOP) == 0);
  const auto start = std::chrono::steady_clock::now();
  const auto refused = slow.shard->commit(device("hung"));
  const auto waited = std::chrono::steady_clock::now() - start;
  CHECK_FALSE(refused.result.ok());
  CHECK(waited > std::chrono::seconds(2));
  CHECK(waited < std::chrono::seconds(12));
  CHECK(slow.shard->wait_until_available(true));
  ::kill(backend, SIGCONT);
  CHECK(slow.shard->commit(device("next")).result.ok());
}

TEST_CASE("lost database: stop() ends in time although the database hangs") {
  SlowShard slow;
  CHECK(slow.shard->commit(device("first")).result.ok());
  const int backend = slow.backend();
  REQUIRE(::kill(backend, SIGSTOP) == 0);
  slow.shard->submit(device("hung"));
  const auto start = std::chrono::steady_clock::now();
  slow.database->stop();
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
  slow.shard->run_mailbox();
  REQUIRE(slow.shard->verdicts.size() == 2);
  CHECK_FALSE(slow.shard->verdicts[1].result.ok());
  ::kill(backend, SIGCONT);
}

TEST_CASE("two servers: the newer run takes over, the older one cannot write any more") {
  EmptyDatabase empty;
  auto older = open(empty.settings());
  TestShard first(*older);
  CHECK(first.commit(device("1")).result.ok());
  auto newer = open(empty.settings());
  TestShard second(*newer);
  CHECK(second.commit(device("2")).result.ok());
  const auto refused = first.commit(device("3"));
  REQUIRE_FALSE(refused.result.ok());
  CHECK(refused.result.error().code == ErrorCode::unavailable);
  CHECK_FALSE(first.journal().available());
  CHECK(second.commit(device("4")).result.ok());
  CHECK(empty.number("SELECT count(*) FROM devices") == 3);
}

TEST_CASE("a tool: it is refused while a server runs, and starts no run of its own") {
  EmptyDatabase empty;
  storage::Settings tool = empty.settings();
  tool.tool = true;
  {
    auto server = open(empty.settings());
    const auto refused = storage::Database::open(tool);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == base::ErrorCode::conflict);
    TestShard shard(*server);
    CHECK(shard.commit(device("1")).result.ok());
    server->stop();
  }
  auto opened = open(tool);
  CHECK(opened->run() == 1);
  TestShard shard(*opened);
  CHECK(shard.commit(device("2")).result.ok());
  // A server waits for the tool.
  storage::Settings hurried = empty.settings();
  hurried.start_within = std::chrono::milliseconds(300);
  const auto waiting = storage::Database::open(hurried);
  REQUIRE_FALSE(waiting.ok());
  CHECK(waiting.error().code == base::ErrorCode::unavailable);
  opened->stop();
  CHECK(open(empty.settings())->run() == 2);
}

TEST_CASE("the private database: it starts, loads, and is found again by the next server") {
  const TemporaryFolder folder;
  storage::Settings settings;
  settings.data_folder = folder.path();
  make_cluster_folder(folder.path() / "database");
  for (std::uint64_t run = 1; run <= 2; ++run) {
    auto database = open(settings);
    CHECK(database->run() == run);
    CHECK(load_all(*database).size() == run - 1);
    TestShard shard(*database);
    CHECK(shard.commit(registration(static_cast<int>(run), 1)).result.ok());
    database->stop();
  }
}

}  // namespace rollcall::test
