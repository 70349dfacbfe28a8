// SPDX-License-Identifier: Apache-2.0
#include "cluster_folder.hpp"
#include "fixture.hpp"
#include "postgres_programs.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <pqxx/nontransaction>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rollcall::test {

namespace fs = std::filesystem;
using storage::Cluster;

namespace {

base::Result<std::unique_ptr<Cluster>> start(const fs::path& folder) {
  return Cluster::start({folder, {}, std::chrono::seconds(60), 20});
}

// Tells the helper below where to work.
constexpr char helper_folder[] = "ROLLCALL_TEST_FOLDER";

// The same without initdb, for what is not about that.
base::Result<std::unique_ptr<Cluster>> start_made(const fs::path& folder) {
  make_cluster_folder(folder);
  return start(folder);
}

int ask(const Cluster& cluster, const std::string& sql) {
  pqxx::connection connection(cluster.url());
  pqxx::nontransaction work(connection);
  const auto rows = work.exec(sql);
  return rows.empty() ? 0 : rows[0][0].as<int>();
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("cluster: it is made at the first start and found again at the second") {
  const TemporaryFolder folder;
  {
    auto cluster = start(folder.path() / "c");
    REQUIRE(cluster.ok());
    ask(**cluster, "CREATE TABLE kept AS SELECT 42 AS x");
    (*cluster)->stop();
    (*cluster)->stop();
    CHECK((*cluster)->process() == 0);
  }
  auto cluster = start(folder.path() / "c");
  REQUIRE(cluster.ok());
  CHECK(ask(**cluster, "SELECT x FROM kept") == 42);
}

TEST_CASE("cluster: it listens on a socket of its own alone, and keeps what it commits") {
  const auto setting = [](const char* name) {
    pqxx::connection connection(shared_cluster().url());
    return pqxx::nontransaction(connection).exec(std::string("SHOW ") + name)[0][0].as<std::string>();
  };
  CHECK(setting("listen_addresses").empty());
  CHECK(setting("fsync") == "on");
  CHECK(setting("synchronous_commit") == "on");
  CHECK(setting("full_page_writes") == "on");
  CHECK(setting("server_encoding") == "UTF8");
  struct stat info {};
  REQUIRE(::stat(setting("unix_socket_directories").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0700);
}

TEST_CASE("cluster: a database that is killed comes back by itself with what was committed") {
  const TemporaryFolder folder;
  auto cluster = start_made(folder.path() / "c");
  REQUIRE(cluster.ok());
  ask(**cluster, "CREATE TABLE kept AS SELECT 42 AS x");
  for (int times = 0; times < 2; ++times) {
    const int before = (*cluster)->process();
    REQUIRE(before > 0);
    REQUIRE(::kill(before, SIGKILL) == 0);
    CHECK(started_anew(**cluster, before));
    CHECK(ask(**cluster, "SELECT x FROM kept") == 42);
  }
}

TEST_CASE("cluster: started by root it runs as the owner of its files") {
  if (::geteuid() != 0) {
    MESSAGE("left out: only root can run PostgreSQL as somebody else");
    return;
  }
  const TemporaryFolder folder;
  {
    auto cluster = start_made(folder.path() / "c");
    REQUIRE(cluster.ok());
    ask(**cluster, "CREATE TABLE kept AS SELECT 42 AS x");
  }
  const passwd* const owner = ::getpwnam("nobody");
  REQUIRE(owner);
  const std::string command =
      fmt::format("chown -R {}:{} {}/c", owner->pw_uid, owner->pw_gid, folder.path().string());
  REQUIRE(std::system(command.c_str()) == 0);
  auto cluster = start(folder.path() / "c");
  REQUIRE_MESSAGE(cluster.ok(), (cluster.ok() ? "" : cluster.error().detail));
  CHECK(ask(**cluster, "SELECT x FROM kept") == 42);
  struct stat process {};
  REQUIRE(::stat(fmt::format("/proc/{}", (*cluster)->process()).c_str(), &process) == 0);
  CHECK(process.st_uid == owner->pw_uid);
}

TEST_CASE("cluster: a second server on the same folder is refused") {
  const TemporaryFolder folder;
  auto first = start_made(folder.path() / "c");
  REQUIRE(first.ok());
  const auto second = start(folder.path() / "c");
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().code == base::ErrorCode::conflict);
  CHECK(second.error().detail.find("in use") != std::string::npos);
  CHECK(answers(**first));
}

TEST_CASE("cluster: a path too long for a socket is no hindrance") {
  const TemporaryFolder folder;
  fs::path deep = folder.path();
  for (int i = 0; i < 5; ++i)
    deep /= "a_folder_with_a_rather_long_name";
  auto cluster = start_made(deep);
  REQUIRE(cluster.ok());
  CHECK(answers(**cluster));
}

TEST_CASE("cluster: one made by another major version is refused with what to do") {
  const TemporaryFolder folder;
  {
    auto cluster = start_made(folder.path() / "c");
    REQUIRE(cluster.ok());
  }
  std::ofstream(folder.path() / "c/cluster/PG_VERSION") << "9\n";
  const auto refused = start(folder.path() / "c");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == base::ErrorCode::conflict);
  CHECK(refused.error().detail.find("needs PostgreSQL 9") != std::string::npos);
  CHECK(refused.error().detail.find("restore") != std::string::npos);
}

TEST_CASE("cluster: a folder that is no cluster is not touched") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "c/cluster");
  std::ofstream(folder.path() / "c/cluster/precious") << "data";
  const auto refused = start(folder.path() / "c");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == base::ErrorCode::conflict);
  CHECK(read_file(folder.path() / "c/cluster/precious") == "data");
}

TEST_CASE("cluster: what an interrupted initdb left is made again") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "c/cluster.new");
  std::ofstream(folder.path() / "c/cluster.new/PG_VERSION") << "15\n";
  auto cluster = start(folder.path() / "c");
  REQUIRE(cluster.ok());
  CHECK(answers(**cluster));
  CHECK_FALSE(fs::exists(folder.path() / "c/cluster.new"));
}

TEST_CASE("cluster: a postmaster.pid that names a stranger is no hindrance") {
  const TemporaryFolder folder;
  {
    auto cluster = start_made(folder.path() / "c");
    REQUIRE(cluster.ok());
  }
  std::ofstream(folder.path() / "c/cluster/postmaster.pid") << ::getpid() << "\nelsewhere\n0\n5432\n";
  auto cluster = start(folder.path() / "c");
  REQUIRE(cluster.ok());
  CHECK(answers(**cluster));
}

TEST_CASE("helper: starts a cluster and waits to be killed" * doctest::skip()) {
  const char* const place = std::getenv(helper_folder);
  REQUIRE(place);
  const fs::path folder = place;
  auto cluster = start(folder / "c");
  REQUIRE(cluster.ok());
  ask(**cluster, "CREATE TABLE kept AS SELECT 42 AS x");
  std::ofstream(folder / "pid.new") << (*cluster)->process();
  fs::rename(folder / "pid.new", folder / "pid");
  ::pause();
}

TEST_CASE("cluster: when our process is killed the database shuts down, and the next start finds all") {
  const TemporaryFolder folder;
  make_cluster_folder(folder.path() / "c");
  // This program again, with the case above alone: it starts the cluster and dies.
  const std::string place = folder.path().string();
  const char* const words[] = {"storage", "--no-skip", "--test-case=helper*", nullptr};
  const pid_t server = ::fork();
  if (server == 0) {
    ::setenv(helper_folder, place.c_str(), 1);
    ::execv("/proc/self/exe", const_cast<char* const*>(words));
    ::_exit(1);
  }
  REQUIRE(eventually([&] { return fs::exists(folder.path() / "pid"); }));
  const int database = std::stoi(read_file(folder.path() / "pid"));
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  auto cluster = start(folder.path() / "c");
  REQUIRE(cluster.ok());
  CHECK((*cluster)->process() != database);
  CHECK(ask(**cluster, "SELECT x FROM kept") == 42);
}

TEST_CASE("cluster: a folder without PostgreSQL's programs is named") {
  const TemporaryFolder folder;
  const auto refused = Cluster::start({folder.path() / "c", folder.path(), std::chrono::seconds(5), 20});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == base::ErrorCode::unavailable);
  CHECK(refused.error().detail.find(folder.path().string()) != std::string::npos);
}

TEST_CASE("cluster: a way that the database's user cannot go is named" * doctest::skip(::geteuid() != 0)) {
  const TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0700);
  const auto refused = start(folder.path() / "c");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().detail.find("chmod a+x " + folder.path().string()) != std::string::npos);
}

TEST_CASE("cluster: a setting that PostgreSQL refuses is reported with PostgreSQL's own words") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "c");
  std::ofstream(folder.path() / "c/custom.conf") << "no_such_setting = 1\n";
  const auto refused = start(folder.path() / "c");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == base::ErrorCode::unavailable);
  CHECK(refused.error().detail.find("no_such_setting") != std::string::npos);
}

TEST_CASE("cluster: versions of PostgreSQL are read from what it prints") {
  CHECK(storage::major_version("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n") == 15);
  CHECK(storage::major_version("postgres (PostgreSQL) 17beta1\n") == 17);
  CHECK(storage::major_version("") == 0);
}

}  // namespace rollcall::test
