// SPDX-License-Identifier: Apache-2.0
// A real PostgreSQL for the tests of this program, and what they do with it.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <rollcall/base/metrics.hpp>
#include <rollcall/engine/journal.hpp>
#include <rollcall/engine/mailbox.hpp>
#include <rollcall/model/change.hpp>
#include <rollcall/storage/cluster.hpp>
#include <rollcall/storage/database.hpp>

#include <pqxx/connection>
#include <pqxx/result>

namespace rollcall::test {

/// A folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Puts a cluster that was made before into a folder, so that starting there needs no initdb.
void make_cluster_folder(const std::filesystem::path& folder);

/// The cluster that all tests of this program share; started at the first call.
storage::Cluster& shared_cluster();

/// A new empty database in the shared cluster, dropped at the end.
class EmptyDatabase {
 public:
  EmptyDatabase();
  ~EmptyDatabase();
  EmptyDatabase(const EmptyDatabase&) = delete;
  EmptyDatabase& operator=(const EmptyDatabase&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }
  /// Settings that open it, with short waits.
  [[nodiscard]] storage::Settings settings() const;
  /// One statement on a connection of its own; its rows.
  pqxx::result sql(const std::string& statement) const;
  std::int64_t number(const std::string& statement) const;

 private:
  std::string name_;
  std::string url_;
};

/// Waits until it holds, 20 seconds at most.
template <class F>
bool eventually(F condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

/// Can be connected to, and answers.
bool answers(const storage::Cluster& cluster);
/// Waits until another process than this one answers.
bool started_anew(const storage::Cluster& cluster, int killed);

/// Opens, and fails the test when that fails.
std::unique_ptr<storage::Database> open(const storage::Settings& settings);

/// Everything that load() gives.
model::Changes load_all(storage::Database& database, base::Instant now = base::Instant{});

/// A shard as a journal sees it: a mailbox, verdicts, and the changes that memory would hold.
class TestShard {
 public:
  explicit TestShard(storage::Database& database);
  /// Stops the database: a journal posts to its mailbox until then.
  ~TestShard() { database_.stop(); }
  TestShard(const TestShard&) = delete;
  TestShard& operator=(const TestShard&) = delete;

  /// Submits, and runs the mailbox as a shard does at the end of each turn; its ticket.
  std::uint64_t submit(model::Changes changes);
  /// Runs the mailbox until this many verdicts have come, and no longer than 20 s.
  void wait_for(std::size_t verdicts);
  /// Runs the mailbox until the journal is (not) available, and no longer than 20 s.
  bool wait_until_available(bool available);
  void run_mailbox();
  /// Submits, waits, gives the one verdict.
  engine::Verdict commit(model::Changes changes);

  engine::Journal& journal() { return journal_; }
  std::vector<engine::Verdict> verdicts;
  base::MetricCells cells;

 private:
  storage::Database& database_;
  engine::Mailbox mailbox_;
  engine::Journal& journal_;
  std::uint64_t next_ticket_ = 1;
};

/// Values with something in every field, awkward where that is allowed.
model::User make_user(const std::string& aor);
model::Document make_document(const std::string& owner, const std::string& path);
model::WaitingWatcher make_waiting(const std::string& presentity, const std::string& watcher);
model::Binding make_binding(const std::string& aor, std::uint64_t id);
model::Publication make_publication(const std::string& aor, std::uint64_t id);
model::Subscription make_subscription(const std::string& presentity, std::uint64_t id);
model::StoredMessage make_message(const std::string& receiver, const std::string& id);
sip::Aor aor(const std::string& text);

/// Bytes that break careless programs: quotes, braces, a NUL, what is no UTF-8, SQL.
const std::string& awkward();

}  // namespace rollcall::test
