// SPDX-License-Identifier: Apache-2.0
// The private cluster on disk: what is made before PostgreSQL can start.
#pragma once

#include "child_process.hpp"
#include "postgres_programs.hpp"

#include <filesystem>
#include <optional>
#include <string>

#include <rollcall/base/result.hpp>
#include <rollcall/storage/cluster.hpp>

namespace rollcall::storage {

/// A data folder that is ours alone while this lives:
///   lock           held by the server that uses the folder
///   cluster/       PostgreSQL's own, made by initdb
///   run/           the socket
///   rollcall.conf  our settings, written at each start; custom.conf beside it is the administrator's
///   postgres.log   what PostgreSQL says
class ClusterFolder {
 public:
  /// Makes the folder and takes the lock. Error conflict: another server has it.
  static base::Result<ClusterFolder> take(std::filesystem::path folder, Account account);
  ~ClusterFolder();
  ClusterFolder(ClusterFolder&& other) noexcept;
  ClusterFolder& operator=(ClusterFolder&&) = delete;

  /// The version of PostgreSQL that made the cluster; nullopt: there is none yet.
  [[nodiscard]] std::optional<int> made_by() const;
  /// Runs initdb. A cluster that initdb left unfinished is thrown away and made again.
  base::Result<> make_cluster(const PostgresPrograms& programs);
  /// Writes rollcall.conf and makes the socket's folder: here, or in /tmp if this path is too long
  /// for a socket.
  base::Result<> prepare(int connections);
  /// A PostgreSQL that a server before us left behind is stopped, a stale postmaster.pid removed.
  base::Result<> clear_leftovers();

  [[nodiscard]] std::filesystem::path cluster() const { return folder_ / "cluster"; }
  [[nodiscard]] std::filesystem::path settings_file() const { return folder_ / "rollcall.conf"; }
  [[nodiscard]] std::filesystem::path log_file() const { return folder_ / "postgres.log"; }
  [[nodiscard]] const std::filesystem::path& socket_folder() const { return socket_folder_; }
  [[nodiscard]] const Account& account() const { return account_; }

  /// True when postmaster.pid says that this process takes connections.
  [[nodiscard]] bool is_ready(pid_t process) const;
  /// The last lines of postgres.log, as one.
  [[nodiscard]] std::string log_tail() const;

 private:
  ClusterFolder(std::filesystem::path folder, Account account, int lock);

  std::filesystem::path folder_;
  Account account_;
  int lock_;
  std::filesystem::path socket_folder_;
};

/// Opens a file of the folder, making it when it is missing; it belongs to the database's account, so
/// that a server that is not started by root can use the folder too. -1 with errno set.
int open_file(const std::filesystem::path& path, int flags, const Account& account);

/// The longest path that a Unix socket may have (sun_path without its NUL).
constexpr std::size_t longest_socket_path = 107;

}  // namespace rollcall::storage
