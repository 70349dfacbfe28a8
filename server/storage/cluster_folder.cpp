// SPDX-License-Identifier: Apache-2.0
#include "cluster_folder.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include <rollcall/base/log.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rollcall::storage {

namespace fs = std::filesystem;

namespace {

constexpr base::Log log{"storage"};

constexpr std::string_view socket_name = "/.s.PGSQL.5432";

struct SettingRow {
  const char* name;
  const char* value;
};

// For a small server that commits in batches. Nothing here gives up durability.
constexpr SettingRow fixed_settings[] = {
    {"listen_addresses", "''"},
    {"port", "5432"},
    {"unix_socket_permissions", "0700"},
    {"fsync", "on"},
    {"full_page_writes", "on"},
    {"synchronous_commit", "on"},
    {"shared_buffers", "128MB"},
    {"jit", "off"},
    {"max_parallel_workers_per_gather", "0"},
    {"max_wal_size", "2GB"},
    {"checkpoint_timeout", "10min"},
    {"autovacuum_naptime", "20s"},
    {"logging_collector", "off"},
    {"log_destination", "stderr"},
    {"log_min_messages", "warning"},
    {"log_checkpoints", "off"},
    {"log_line_prefix", "'%m [%p] '"},
    {"log_timezone", "UTC"},
    {"timezone", "UTC"},
    {"lc_messages", "C"},
};

base::Error broken(const std::string& what, const fs::path& path) {
  return base::unavailable(fmt::format("{} {}: {}", what, path.string(), std::strerror(errno)));
}

bool give(int file, const Account& account) {
  return ::geteuid() != 0 || ::fchown(file, account.uid, account.gid) == 0;
}

// A folder for the database's account alone.
bool make_private(const fs::path& folder, const Account& account) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return false;
  if (::geteuid() == 0 && ::chown(folder.c_str(), account.uid, account.gid) != 0) return false;
  return ::chmod(folder.c_str(), 0700) == 0;
}

// The first folder on the way that the account may not pass through; "" when the way is open.
fs::path closed_folder(const fs::path& folder, const Account& account) {
  fs::path way;
  for (const fs::path& part : folder) {
    way /= part;
    struct stat info {};
    if (::stat(way.c_str(), &info) != 0) return way;
    const mode_t needed = info.st_uid == account.uid   ? S_IXUSR
                          : info.st_gid == account.gid ? S_IXGRP
                                                       : S_IXOTH;
    if ((info.st_mode & needed) == 0) return way;
  }
  return {};
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// The value as a string of postgresql.conf.
std::string quoted(const std::string& value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += c;
    out += c;
  }
  return out + "'";
}

bool sync_all(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = file >= 0 && ::syncfs(file) == 0;
  if (file >= 0) ::close(file);
  return synced;
}

// postmaster.pid names whoever had that number; only a process at home in the cluster's folder is
// the database.
bool is_database(pid_t process, const fs::path& cluster) {
  std::error_code error;
  const fs::path home = fs::read_symlink(fmt::format("/proc/{}/cwd", process), error);
  return !error && fs::equivalent(home, cluster, error);
}

bool gone_within(pid_t process, const fs::path& cluster, std::chrono::seconds time) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  while (is_database(process, cluster)) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

// Writes a file anew. The old one may be a link that leads elsewhere.
bool write_file(const fs::path& path, const std::string& text, const Account& account) {
  std::error_code error;
  fs::remove(path, error);
  const int file = open_file(path, O_WRONLY | O_EXCL, account);
  if (file < 0) return false;
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  return written;
}

}  // namespace

int open_file(const fs::path& path, int flags, const Account& account) {
  const int file = ::open(path.c_str(), flags | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (file >= 0 && !give(file, account)) {
    ::close(file);
    return -1;
  }
  return file;
}

ClusterFolder::ClusterFolder(fs::path folder, Account account, int lock)
    : folder_(std::move(folder)), account_(std::move(account)), lock_(lock) {}

ClusterFolder::ClusterFolder(ClusterFolder&& other) noexcept
    : folder_(std::move(other.folder_)),
      account_(std::move(other.account_)),
      lock_(std::exchange(other.lock_, -1)),
      socket_folder_(std::move(other.socket_folder_)) {}

ClusterFolder::~ClusterFolder() {
  if (lock_ < 0) return;
  std::error_code error;
  if (!socket_folder_.empty() && socket_folder_.parent_path() != folder_)
    fs::remove_all(socket_folder_, error);
  ::close(lock_);
}

base::Result<ClusterFolder> ClusterFolder::take(fs::path folder, Account account) {
  std::error_code error;
  fs::create_directories(folder, error);
  folder = fs::canonical(folder, error);
  if (error) return base::unavailable(fmt::format("cannot make the data folder: {}", error.message()));
  if (const fs::path closed = closed_folder(folder, account); !closed.empty())
    return base::unavailable(fmt::format(
        "PostgreSQL runs as user {} and cannot reach {} through {}: choose another data folder, or "
        "chmod a+x {}",
        account.name, folder.string(), closed.string(), closed.string()));
  const fs::path lock_file = folder / "lock";
  const int lock = open_file(lock_file, O_RDWR, account);
  if (lock < 0) return broken("cannot open", lock_file);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return base::Error{base::ErrorCode::conflict,
                       fmt::format("the data folder {} is in use by another server", folder.string())};
  }
  return ClusterFolder(std::move(folder), std::move(account), lock);
}

std::optional<int> ClusterFolder::made_by() const {
  std::error_code error;
  if (!fs::exists(cluster(), error)) return std::nullopt;
  return std::atoi(read_file(cluster() / "PG_VERSION").c_str());
}

base::Result<> ClusterFolder::make_cluster(const PostgresPrograms& programs) {
  // Made under another name and renamed when it is whole and on disk: a name that is there is good.
  const fs::path unfinished = folder_ / "cluster.new";
  std::error_code error;
  fs::remove_all(unfinished, error);
  if (!make_private(unfinished, account_)) return broken("cannot make", unfinished);
  log.info("database_made", base::kv("folder", cluster().string()), base::kv("version", programs.major));
  const Finished made = run_to_end(
      {{(programs.folder / "initdb").string(), "-D", unfinished.string(), "-U", "rollcall", "-A", "trust",
        "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-sync", "--no-instructions"},
       account_});
  if (made.exit_code != 0) {
    fs::remove_all(unfinished, error);
    const auto lines = lines_of(made.output);
    return base::unavailable("initdb failed: " + (lines.empty() ? "it cannot be run" : lines.back()));
  }
  if (!sync_all(unfinished)) return broken("cannot sync", unfinished);
  fs::rename(unfinished, cluster(), error);
  if (error || !sync_all(folder_)) return broken("cannot rename", unfinished);
  return base::Done{};
}

base::Result<> ClusterFolder::prepare(int connections) {
  socket_folder_ = folder_ / "run";
  if (socket_folder_.string().size() + socket_name.size() > longest_socket_path) {
    char name[] = "/tmp/rollcall-XXXXXX";
    if (!::mkdtemp(name)) return broken("cannot make", name);
    socket_folder_ = name;
  }
  if (!make_private(socket_folder_, account_)) return broken("cannot make", socket_folder_);

  std::string text = "# Written at each start. What is to differ goes into custom.conf beside this file.\n";
  for (const SettingRow& row : fixed_settings)
    text += fmt::format("{} = {}\n", row.name, row.value);
  text += fmt::format("max_connections = {}\nunix_socket_directories = {}\ninclude_if_exists 'custom.conf'\n",
                      connections, quoted(socket_folder_.string()));
  if (!write_file(settings_file(), text, account_)) return broken("cannot write", settings_file());
  return base::Done{};
}

base::Result<> ClusterFolder::clear_leftovers() {
  const fs::path pid_file = cluster() / "postmaster.pid";
  const pid_t process = std::atoi(read_file(pid_file).c_str());
  if (process <= 0) return base::Done{};
  if (is_database(process, cluster())) {
    // We hold the lock, so its server is dead and it is shutting down already, or must.
    log.warning("database_left_over", base::kv("process", process));
    ::kill(process, SIGINT);
    if (gone_within(process, cluster(), std::chrono::seconds(10))) return base::Done{};
    ::kill(process, SIGQUIT);
    if (gone_within(process, cluster(), std::chrono::seconds(5))) return base::Done{};
    return base::unavailable(fmt::format("an old PostgreSQL, process {}, does not end", process));
  }
  // PostgreSQL itself would refuse to start if some other process has got that number meanwhile.
  std::error_code error;
  fs::remove(pid_file, error);
  return base::Done{};
}

bool ClusterFolder::is_ready(pid_t process) const {
  const auto lines = lines_of(read_file(cluster() / "postmaster.pid"));
  return lines.size() >= 8 && std::atoi(lines[0].c_str()) == process && lines[7].starts_with("ready");
}

std::string ClusterFolder::log_tail() const {
  const auto lines = lines_of(read_file(log_file()));
  std::string tail;
  for (std::size_t i = lines.size() - std::min<std::size_t>(lines.size(), 4); i < lines.size(); ++i)
    tail += (tail.empty() ? "" : " / ") + lines[i];
  return tail;
}

}  // namespace rollcall::storage
