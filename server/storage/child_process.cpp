// SPDX-License-Identifier: Apache-2.0
#include "child_process.hpp"

#include <csignal>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rollcall::storage {

namespace {

constexpr int exit_cannot_start = 127;

// What the child needs, made before the fork: after it, a child of a program with threads may only
// make system calls.
struct Prepared {
  explicit Prepared(const Command& command) : account(command.account), output(command.output) {
    for (const std::string& word : command.words)
      argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    drops_rights = ::geteuid() == 0 && account.uid != 0;
    parent = ::getpid();
  }
  std::vector<char*> argv;
  Account account;
  int output;
  bool drops_rights = false;
  pid_t parent = 0;
};

// A fixed environment: nothing of the caller's PG* variables or locale may leak into the database.
char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
char locale[] = "LC_ALL=C.UTF-8";
char* const environment[] = {path, locale, nullptr};

bool become(const Account& account) {
  return ::setgroups(0, nullptr) == 0 && ::setgid(account.gid) == 0 && ::setuid(account.uid) == 0;
}

void reset_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD})
    ::signal(signal, SIG_DFL);
}

[[noreturn]] void become_child(const Prepared& prepared) {
  reset_signals();
  if (prepared.drops_rights && !become(prepared.account)) ::_exit(exit_cannot_start);
  // After setuid, which clears it. The parent may have died before it was set.
  if (::prctl(PR_SET_PDEATHSIG, SIGINT) != 0 || ::getppid() != prepared.parent) ::_exit(exit_cannot_start);
  ::setsid();
  const int nothing = ::open("/dev/null", O_RDWR);
  const int output = prepared.output < 0 ? nothing : prepared.output;
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  ::execve(prepared.argv[0], prepared.argv.data(), environment);
  ::_exit(exit_cannot_start);
}

std::string read_all(int file) {
  std::string text;
  char buffer[4096];
  for (ssize_t count = ::read(file, buffer, sizeof(buffer)); count > 0;
       count = ::read(file, buffer, sizeof(buffer)))
    text.append(buffer, static_cast<std::size_t>(count));
  return text;
}

}  // namespace

std::optional<Account> database_account(const std::filesystem::path& cluster) {
  struct stat info {};
  const bool exists = ::geteuid() == 0 && ::stat(cluster.c_str(), &info) == 0 && info.st_uid != 0;
  const uid_t wanted = exists ? info.st_uid : ::geteuid();
  passwd record{};
  passwd* found = nullptr;
  std::vector<char> buffer(16'384);
  const int error = wanted == 0 ? ::getpwnam_r("postgres", &record, buffer.data(), buffer.size(), &found)
                                : ::getpwuid_r(wanted, &record, buffer.data(), buffer.size(), &found);
  if (error != 0 || !found) return std::nullopt;
  return Account{record.pw_uid, record.pw_gid, record.pw_name};
}

pid_t start_child(const Command& command) {
  const Prepared prepared(command);
  const pid_t child = ::fork();
  if (child == 0) become_child(prepared);
  return child;
}

Finished run_to_end(Command command) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  command.output = ends[1];
  const pid_t child = start_child(command);
  ::close(ends[1]);
  Finished finished;
  if (child > 0) {
    finished.output = read_all(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  ::close(ends[0]);
  return finished;
}

}  // namespace rollcall::storage
