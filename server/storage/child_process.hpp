// SPDX-License-Identifier: Apache-2.0
// Starting other programs, the way a database wants to be started.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rollcall::storage {

/// Who a child runs as; PostgreSQL refuses to run as root.
struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
};

/// Ourselves; or, when we are root, whoever the folder of the cluster belongs to, and before it is
/// there the account "postgres". nullopt: there is none.
std::optional<Account> database_account(const std::filesystem::path& cluster);

struct Command {
  std::vector<std::string> words;  // the program's path first
  Account account;
  int output = -1;  // for standard output and standard error; -1: /dev/null
};

/// Forks and executes. The child leads a session of its own (Ctrl-C at a terminal does not reach
/// it) and gets SIGINT when the calling *thread* ends, which for PostgreSQL is a fast shutdown:
/// call it on a thread that lives as long as the child shall. Returns its id, -1 with errno set.
pid_t start_child(const Command& command);

/// Runs to the end; its output and exit code. For short commands.
struct Finished {
  int exit_code = -1;  // 128 + signal when killed
  std::string output;
};
Finished run_to_end(Command command);

}  // namespace rollcall::storage
