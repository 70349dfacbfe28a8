// SPDX-License-Identifier: Apache-2.0
#include "advisory_locks.hpp"
#include "link.hpp"
#include "loader.hpp"
#include "migrations.hpp"
#include "readers.hpp"
#include "scribe.hpp"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include <rollcall/base/ids.hpp>
#include <rollcall/base/log.hpp>
#include <rollcall/storage/cluster.hpp>
#include <rollcall/storage/database.hpp>

#include <fmt/format.h>

namespace rollcall::storage {

namespace {

constexpr base::Log log{"storage"};

constexpr int oldest_server = 120'000;
// All of stop() but the private cluster's own end.
constexpr std::chrono::milliseconds stop_within{3'000};
// For the private cluster: more than there can be shards and readers, and some for administrators.
constexpr int connections = 150;
// A commit costs as much as some thirty rows, so that one large batch is cheaper than two small ones;
// and one connection writes what some shards can decide.
constexpr std::size_t shards_a_scribe = 4;
// Of the private cluster: after a crash it reads its log first, and giving up would not make that shorter.
constexpr std::chrono::milliseconds recovery_within{300'000};

constexpr char first_run_sql[] =
    "INSERT INTO server (run, secret) VALUES (0, $1) ON CONFLICT (only_one) DO NOTHING";

// Above every number that a journal has seen too: after a backup was restored, tables may disagree.
constexpr char next_run_sql[] =
    "UPDATE server SET run = 1 + greatest(run, (SELECT max(run) FROM journal)) RETURNING run, secret";

// A server of an older run that still lives cannot write from here on.
constexpr char fence_sql[] = "UPDATE journal SET run = (SELECT run FROM server), link = link + 1";

base::Error conflict(std::string detail) {
  return {base::ErrorCode::conflict, std::move(detail)};
}

class OpenDatabase final : public Database {
 public:
  explicit OpenDatabase(Settings settings)
      : settings_(std::move(settings)), watchdog_(settings_.answer_within) {}
  ~OpenDatabase() override { stop(); }

  base::Result<> start();
  using Database::load;

  [[nodiscard]] std::uint64_t run() const override { return run_; }
  [[nodiscard]] const std::string& secret() const override { return secret_; }
  [[nodiscard]] std::string shown_url() const override { return shown(url_); }
  base::Result<Loaded> load(base::Instant now, const LoadTarget& target) override;
  engine::Journal& make_journal(engine::Mailbox& mailbox, base::MetricCells& cells) override;
  [[nodiscard]] engine::Readers& readers() override { return *readers_; }
  void stop() override;

 private:
  base::Result<> start_cluster();
  void connect();
  base::Result<> set_up();
  base::Result<> check_server();
  base::Result<> check_users();
  void begin_run();

  Settings settings_;
  std::string url_;
  std::uint64_t run_ = 0;
  std::string secret_;
  std::unique_ptr<Cluster> cluster_;
  Watchdog watchdog_;
  // Kept open: it holds a lock, of a tool on the schema, of a server in common with its journals.
  std::unique_ptr<Link> setup_;
  std::vector<std::unique_ptr<Scribe>> scribes_;
  std::size_t shards_ = 0;
  std::unique_ptr<ReaderPool> readers_;
};

base::Result<> OpenDatabase::start() {
  url_ = settings_.url;
  if (url_.empty())
    if (auto started = start_cluster(); !started) return started;
  try {
    connect();
    if (auto ready = set_up(); !ready) return ready;
  } catch (...) {
    const Trouble trouble = trouble_in_flight();
    return base::Error{trouble.error.code, fmt::format("{}: {}", shown(url_), trouble.error.detail)};
  }
  readers_ = std::make_unique<ReaderPool>(url_, settings_.readers, watchdog_);
  log.info("database_opened", base::kv("url", shown(url_)), base::kv("run", run_));
  return base::Done{};
}

base::Result<> OpenDatabase::start_cluster() {
  auto cluster = Cluster::start({settings_.data_folder / "database", settings_.postgres_folder,
                                 std::max(settings_.start_within, recovery_within), connections});
  if (!cluster) return cluster.error();
  cluster_ = std::move(*cluster);
  url_ = cluster_->url();
  return base::Done{};
}

// A database that takes no connections yet, against one that will never take ours.
bool may_come(const std::string& reason) {
  if (reason.find("FATAL:") == std::string::npos) return true;
  for (const char* passing :
       {"starting up", "shutting down", "not yet accepting", "recovery", "too many", "slots are reserved"})
    if (reason.find(passing) != std::string::npos) return true;
  return false;
}

// A database may start beside us: it is given time.
void OpenDatabase::connect() {
  const auto deadline = std::chrono::steady_clock::now() + settings_.start_within;
  while (!setup_) {
    try {
      setup_ = std::make_unique<Link>(url_, Link::Purpose::setup, watchdog_);
    } catch (const std::exception&) {
      const Trouble trouble = trouble_in_flight();
      if (!may_come(trouble.error.detail) || std::chrono::steady_clock::now() > deadline) throw;
      log.warning("database_awaited", base::kv("reason", trouble.error.detail));
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
  }
}

base::Result<> OpenDatabase::set_up() {
  setup_->exec(fmt::format("SET lock_timeout = {}", settings_.start_within.count()));
  if (auto fits = check_server(); !fits) return fits;
  if (auto migrated = migrate(*setup_, embedded_migrations()); !migrated) return migrated;
  if (auto free = check_users(); !free) return free;
  begin_run();
  if (!settings_.tool) release_schema_lock(*setup_);
  return base::Done{};
}

base::Result<> OpenDatabase::check_server() {
  const pqxx::row state = setup_->exec(
      "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding'), "
      "pg_is_in_recovery(), current_setting('fsync'), current_setting('server_version')")[0];
  if (state[0].as<int>() < oldest_server)
    return base::unavailable(
        fmt::format("PostgreSQL {} is too old: 12 or newer is needed", state[4].c_str()));
  if (state[1].as<std::string>() != "UTF8")
    return conflict(fmt::format("the database has encoding {}, UTF8 is needed", state[1].c_str()));
  if (state[2].as<bool>()) return base::unavailable("the database is a standby and cannot be written");
  if (state[3].as<std::string>() != "on")
    log.warning("database_without_fsync",
                base::kv("meaning", "what was committed may be lost when the machine stops"));
  return base::Done{};
}

// A tool wants to be alone; servers do not wait for each other, the newest run wins.
base::Result<> OpenDatabase::check_users() {
  if (!settings_.tool) {
    setup_->exec(fmt::format("SELECT pg_try_advisory_lock_shared({})", serving_lock));
    return base::Done{};
  }
  const auto alone =
      setup_->exec(fmt::format("SELECT pg_try_advisory_lock({})", serving_lock))[0][0].as<bool>();
  if (!alone) return conflict("a server is running on this database");
  return base::Done{};
}

void OpenDatabase::begin_run() {
  setup_->exec("BEGIN");
  setup_->ask(first_run_sql, {base::random_hex(32)});
  const pqxx::result server =
      setup_->exec(settings_.tool ? "SELECT run, secret FROM server" : std::string(next_run_sql));
  if (!settings_.tool) setup_->exec(fence_sql);
  setup_->exec("COMMIT");
  run_ = server[0][0].as<std::uint64_t>();
  secret_ = server[0][1].as<std::string>();
}

base::Result<Loaded> OpenDatabase::load(base::Instant now, const LoadTarget& target) {
  try {
    if (setup_ && !setup_->alive()) setup_.reset();
    connect();
    return load_all(*setup_, now, target);
  } catch (...) {
    setup_.reset();
    return trouble_in_flight().error;
  }
}

engine::Journal& OpenDatabase::make_journal(engine::Mailbox& mailbox, base::MetricCells& cells) {
  if (shards_++ % shards_a_scribe == 0) {
    const auto number = static_cast<std::int32_t>(scribes_.size());
    BatchWriter writer(url_, number, run_, watchdog_);
    scribes_.push_back(std::make_unique<Scribe>(std::move(writer), number));
  }
  return scribes_.back()->add_shard(mailbox, cells);
}

void OpenDatabase::stop() {
  watchdog_.hurry(Watchdog::Clock::now() + stop_within);
  for (const auto& scribe : scribes_)
    scribe->stop();
  for (const auto& scribe : scribes_)
    scribe->join();
  if (readers_) readers_->stop();
  setup_.reset();
  if (cluster_) cluster_->stop();
}

}  // namespace

base::Result<std::unique_ptr<Database>> Database::open(Settings settings) {
  auto database = std::make_unique<OpenDatabase>(std::move(settings));
  if (auto started = database->start(); !started) return started.error();
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace rollcall::storage
