// SPDX-License-Identifier: Apache-2.0
// The whole server on an embedded database of its own, as administrators meet it.
#include "administration.hpp"
#include "data_folder.hpp"
#include "temporary_folder.hpp"

#include <chrono>
#include <filesystem>

#include <rollcall/app/server.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using app::Configuration;
using test::TemporaryFolder;

namespace {

Configuration configuration_in(const std::string& folder) {
  Configuration configuration;
  configuration.data_dir = folder;
  configuration.domains = {"example.org"};
  configuration.shards = 2;
  configuration.sip_listen = {{sip::Transport::udp, *sip::Endpoint::parse("127.0.0.1", 0)},
                              {sip::Transport::tcp, *sip::Endpoint::parse("127.0.0.1", 0)}};
  configuration.admin_listen = *sip::Endpoint::parse("127.0.0.1", 0);
  configuration.log_level = base::LogLevel::error;
  return configuration;
}

// The user commands of one moment: on the server if it runs, else on its database.
struct Commands {
  std::unique_ptr<app::Administration> administration;
  app::Users users;

  explicit Commands(const Configuration& configuration)
      : administration(open(configuration)), users(*administration) {}

  static std::unique_ptr<app::Administration> open(const Configuration& configuration) {
    auto opened = app::open_administration(configuration);
    REQUIRE_MESSAGE(opened.ok(), opened.error().detail);
    return std::move(*opened);
  }

  std::vector<std::string> addresses() {
    std::vector<std::string> list;
    CHECK(users.list("", [&](const app::UserRow& row) { list.push_back(row.address); }).ok());
    return list;
  }

  int add_buddy(const std::string& uri) {
    http::Request request;
    request.method = http::Method::post;
    request.segments = {"api", "v1", "users", "alice@example.org", "buddies"};
    request.headers = {{"content-type", "application/json"}};
    request.body = "{\"uri\":\"" + uri + "\"}";
    const auto answer = administration->ask(std::move(request));
    return answer ? answer->status : 0;
  }
};

std::unique_ptr<app::Server> started(const Configuration& configuration) {
  auto server = app::Server::start(configuration);
  REQUIRE_MESSAGE(server.ok(), server.error().detail);
  return std::move(*server);
}

using Addresses = std::vector<std::string>;

}  // namespace

TEST_CASE("server: user commands do the same on a stopped server and on a running one") {
  base::set_log_level(base::LogLevel::error);
  const TemporaryFolder folder;
  const Configuration configuration = configuration_in(folder.path());
  {
    Commands stopped(configuration);
    CHECK(*stopped.users.ensure_domain("example.org"));
    CHECK_FALSE(*stopped.users.ensure_domain("example.org"));
    CHECK(stopped.users.add({"alice", "example.org", "secret", "Alice", true}).ok());
    const auto again = stopped.users.add({"alice", "example.org", "secret", "Alice", true});
    REQUIRE_FALSE(again.ok());
    CHECK(again.error().code == base::ErrorCode::conflict);
    const auto report =
        stopped.users.import("username,domain,password\nbob,example.net,x\nbob,example.net,x\n");
    REQUIRE(report.ok());
    CHECK(report->created == 1);
    CHECK(report->domains_created == Addresses{"example.net"});
    REQUIRE(report->faults.size() == 1);
    CHECK(report->faults[0].line == 3);
    CHECK(stopped.addresses() == Addresses{"alice@example.org", "bob@example.net"});
  }
  auto server = started(configuration);
  Commands running(configuration);
  CHECK(running.addresses() == Addresses{"alice@example.org", "bob@example.net"});
  const auto again = running.users.add({"alice", "example.org", "secret", "Alice", true});
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().code == base::ErrorCode::conflict);
  const auto bob = *sip::Aor::parse("bob@example.net");
  CHECK(running.users.set_password(bob, "another").ok());
  CHECK(running.users.set_enabled(bob, false).ok());
  CHECK(running.users.remove(bob).ok());
  CHECK(running.users.remove(bob).error().code == base::ErrorCode::not_found);
  CHECK(running.addresses() == Addresses{"alice@example.org"});

  SUBCASE("a stop takes less than five seconds, and lets the folder go") {
    const auto begin = std::chrono::steady_clock::now();
    server->stop();
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
    CHECK_FALSE(app::read_contact(folder.path()).ok());
    server.reset();
    CHECK(Commands(configuration).addresses() == Addresses{"alice@example.org"});
  }
  SUBCASE("a reload takes over limits and new domains") {
    Configuration changed = configuration;
    changed.limits.buddies_per_user = 1;
    changed.domains.emplace_back("example.com");
    server->reload(changed);
    CHECK(running.add_buddy("sip:bob@example.org") == 201);
    CHECK(running.add_buddy("sip:carol@example.org") != 201);
    server->reload(configuration);
    CHECK(running.add_buddy("sip:carol@example.org") == 201);
    CHECK_FALSE(*running.users.ensure_domain("example.com"));
  }
  SUBCASE("the greeting names addresses, domains and the one-time password") {
    const auto contact = app::read_contact(folder.path());
    REQUIRE(contact.ok());
    const std::string greeting = server->greeting();
    for (const std::string& part : {contact->address, contact->token, std::string("example.org"),
                                    std::string("udp:127.0.0.1:"), std::string("tcp:127.0.0.1:")}) {
      CAPTURE(part);
      CHECK(greeting.find(part) != std::string::npos);
    }
  }
}

TEST_CASE("server: an address that cannot be listened on stops the start and is named") {
  base::set_log_level(base::LogLevel::error);
  const TemporaryFolder folder;
  Configuration configuration = configuration_in(folder.path());
  configuration.sip_listen[0].address = *sip::Endpoint::parse("192.0.2.200", 5060);
  const auto server = app::Server::start(configuration);
  REQUIRE_FALSE(server.ok());
  CHECK(server.error().detail.find("udp:192.0.2.200:5060") != std::string::npos);
  CHECK(app::DataFolder::hold(folder.path()).ok());
}
