// SPDX-License-Identifier: Apache-2.0
#include "cluster_folder.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

#include <rollcall/base/log.hpp>
#include <rollcall/storage/cluster.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rollcall::storage {

namespace fs = std::filesystem;

namespace {

constexpr base::Log log{"storage"};

constexpr std::chrono::milliseconds first_backoff{100};
constexpr std::chrono::milliseconds longest_backoff{5'000};
constexpr std::chrono::seconds fast_shutdown{4};
constexpr std::chrono::seconds immediate_shutdown{2};
constexpr int failures_at_start = 4;  // the first may be for the shared memory of one that was killed
constexpr std::uintmax_t largest_log = 10 << 20;

std::string percent_encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '-' || c == '.' || c == '_';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<std::uint8_t>(c));
  }
  return out;
}

class RunningCluster final : public Cluster {
 public:
  RunningCluster(ClusterFolder folder, PostgresPrograms programs)
      : folder_(std::move(folder)),
        programs_(std::move(programs)),
        url_("postgresql://rollcall@/postgres?host=" + percent_encoded(folder_.socket_folder().string())),
        supervisor_([this] { supervise(); }) {}

  ~RunningCluster() override { stop(); }

  base::Result<> wait_until_ready(std::chrono::milliseconds time);
  [[nodiscard]] const std::string& url() const override { return url_; }
  [[nodiscard]] int process() const override {
    const std::lock_guard lock(mutex_);
    return process_;
  }
  void stop() override;

 private:
  void supervise();
  bool start_process();
  void wait_for_end();
  void pause(std::chrono::milliseconds time);
  bool ended_within(std::unique_lock<std::mutex>& lock, std::chrono::seconds time);

  ClusterFolder folder_;
  const PostgresPrograms programs_;
  const std::string url_;

  mutable std::mutex mutex_;  // guards what follows; a process with this id is ours while it is held
  std::condition_variable changed_;
  pid_t process_ = 0;
  int failures_ = 0;  // ends that nobody asked for, since the start
  bool stopping_ = false;

  // Forks, so it must live as long as the database: when it ends, the kernel stops the child.
  std::thread supervisor_;
};

int open_log(const fs::path& path, const Account& account) {
  std::error_code error;
  if (fs::file_size(path, error) > largest_log && !error) fs::rename(path, path.string() + ".1", error);
  return open_file(path, O_WRONLY | O_APPEND, account);
}

bool RunningCluster::start_process() {
  const int output = open_log(folder_.log_file(), folder_.account());
  const Command command{{(programs_.folder / "postgres").string(), "-D", folder_.cluster().string(),
                         "--config-file=" + folder_.settings_file().string()},
                        folder_.account(),
                        output};
  const std::lock_guard lock(mutex_);
  if (!stopping_) process_ = std::max(start_child(command), 0);
  if (output >= 0) ::close(output);
  if (process_ == 0) ++failures_;
  return process_ > 0;
}

void RunningCluster::wait_for_end() {
  siginfo_t info{};
  // Waits without reaping: until the lock is held, the id must not be given to another process.
  ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOWAIT);
  const std::lock_guard lock(mutex_);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
  ++failures_;
  changed_.notify_all();
}

void RunningCluster::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return stopping_; });
}

void RunningCluster::supervise() {
  std::chrono::milliseconds backoff = first_backoff;
  while (true) {
    const auto started = std::chrono::steady_clock::now();
    if (start_process()) wait_for_end();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    log.error("database_ended", base::kv("log", folder_.log_tail()));
    // One that ran well for a while is no repeated failure.
    if (std::chrono::steady_clock::now() - started > std::chrono::seconds(30)) backoff = first_backoff;
    pause(backoff);
    backoff = std::min(backoff * 2, longest_backoff);
    if (auto cleared = folder_.clear_leftovers(); !cleared)
      log.error("database_left_over", base::kv("reason", cleared.error().detail));
  }
}

base::Result<> RunningCluster::wait_until_ready(std::chrono::milliseconds time) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < deadline) {
    {
      std::unique_lock lock(mutex_);
      if (process_ > 0 && folder_.is_ready(process_)) return base::Done{};
      if (failures_ >= failures_at_start)
        return base::unavailable("PostgreSQL does not start: " + folder_.log_tail());
      changed_.wait_for(lock, std::chrono::milliseconds(10));
    }
  }
  return base::unavailable("PostgreSQL is not ready in time: " + folder_.log_tail());
}

bool RunningCluster::ended_within(std::unique_lock<std::mutex>& lock, std::chrono::seconds time) {
  return changed_.wait_for(lock, time, [this] { return process_ == 0; });
}

void RunningCluster::stop() {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    if (process_ > 0) ::kill(process_, SIGINT);
    if (!ended_within(lock, fast_shutdown)) {
      // No loss: what was committed is replayed at the next start.
      log.warning("database_shutdown_slow", base::kv("process", process_));
      ::kill(process_, SIGQUIT);
      if (!ended_within(lock, immediate_shutdown)) ::kill(process_, SIGKILL);
    }
  }
  if (supervisor_.joinable()) supervisor_.join();
}

}  // namespace

base::Result<std::unique_ptr<Cluster>> Cluster::start(const Settings& settings) {
  const auto account = database_account(settings.folder / "cluster");
  if (!account)
    return base::unavailable(::geteuid() == 0
                                 ? "PostgreSQL does not run as root, and there is no user postgres: install "
                                   "PostgreSQL, or start as another user, or set database.url"
                                 : "PostgreSQL needs the user it runs as to have an entry in /etc/passwd");
  auto folder = ClusterFolder::take(settings.folder, *account);
  if (!folder) return folder.error();
  const auto made_by = folder->made_by();
  if (made_by == 0)
    return base::Error{base::ErrorCode::conflict,
                       folder->cluster().string() + " holds no cluster of PostgreSQL"};
  auto programs = find_programs(settings.postgres_folder, made_by, *account);
  if (!programs) return programs.error();
  if (!made_by)
    if (auto made = folder->make_cluster(*programs); !made) return made.error();
  if (auto cleared = folder->clear_leftovers(); !cleared) return cleared.error();
  if (auto prepared = folder->prepare(settings.connections); !prepared) return prepared.error();
  auto cluster = std::make_unique<RunningCluster>(std::move(*folder), std::move(*programs));
  if (auto ready = cluster->wait_until_ready(settings.start_within); !ready) return ready.error();
  return std::unique_ptr<Cluster>(std::move(cluster));
}

}  // namespace rollcall::storage
