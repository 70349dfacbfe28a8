// SPDX-License-Identifier: Apache-2.0
#include "keys.hpp"
#include "temporary_folder.hpp"

#include <fstream>
#include <sstream>

#include <rollcall/app/configuration.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using app::Configuration;

namespace {

std::string file_of_project(const std::string& path) {
  std::ifstream file(std::string(ROLLCALL_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

app::Loaded load(const std::string& toml, std::vector<std::string> environment = {},
                 std::vector<app::Sources::Option> options = {}) {
  const test::TemporaryFolder folder;
  const std::string file = folder.path() + "/rollcall.toml";
  std::ofstream(file) << toml;
  app::Loaded loaded = app::load_configuration({file, std::move(environment), std::move(options)});
  for (std::string& problem : loaded.problems)
    if (problem.starts_with(file)) problem.replace(0, file.size(), "FILE");
  return loaded;
}

std::string only_problem(const app::Loaded& loaded) {
  REQUIRE(loaded.problems.size() == 1);
  return loaded.problems.front();
}

}  // namespace

TEST_CASE("configuration: config/rollcall.toml lists every key with its default and its meaning") {
  const std::string expected = app::to_toml(Configuration{}, app::TomlStyle::explained);
  CHECK(file_of_project("config/rollcall.toml") == expected);
}

TEST_CASE("configuration: config/rollcall.toml, read, is the defaults") {
  const app::Loaded loaded = load(file_of_project("config/rollcall.toml"));
  CHECK(loaded.problems.empty());
  for (const app::Key& key : app::configuration_keys()) {
    CAPTURE(key.name);
    CHECK(key.get(loaded.configuration) == key.get(Configuration{}));
  }
}

TEST_CASE("configuration: docs/configuration.md has a row for every key, with its default and meaning") {
  const std::string document = file_of_project("docs/configuration.md");
  for (const app::Key& key : app::configuration_keys()) {
    if (key.section() == "limits") continue;
    const std::string row =
        "| `" + key.name + "` | `" + app::to_toml(key.get(Configuration{})) + "` | " + key.meaning + " |";
    CAPTURE(row);
    CHECK(document.find(row) != std::string::npos);
  }
}

TEST_CASE("configuration: docs/configuration.md has a row for every limit, with what happens past it") {
  const std::string document = file_of_project("docs/configuration.md");
  const base::Limits defaults;
  for (const base::LimitRow& limit : base::limit_rows()) {
    const std::string row = "| `" + std::string(limit.name) + "` | " + std::to_string(defaults.*limit.value) +
                            " | " + limit.meaning + " | " + limit.answer + " |";
    CAPTURE(row);
    CHECK(document.find(row) != std::string::npos);
  }
}

TEST_CASE("configuration: the environment overrides the file, the command line overrides both") {
  const std::string file = "[log]\nlevel = \"error\"\nformat = \"json\"\n[server]\nshards = 3\n";
  const app::Loaded loaded =
      load(file, {"ROLLCALL_LOG_FORMAT=text", "ROLLCALL_SERVER_SHARDS=5", "HOME=/root"},
           {{"server.shards", {"7"}, "--shards"}});
  CHECK(loaded.problems.empty());
  CHECK(loaded.configuration.log_level == base::LogLevel::error);
  CHECK(loaded.configuration.log_format == base::LogFormat::text);
  CHECK(loaded.configuration.shards == 7);
}

TEST_CASE("configuration: every key can be set by the environment") {
  std::vector<std::string> environment;
  for (const app::Key& key : app::configuration_keys()) {
    if (!std::holds_alternative<std::int64_t>(key.get(Configuration{}))) continue;
    environment.push_back(app::environment_name(key) + "=-5");
  }
  // Each is refused, so each was found.
  CHECK(load("", environment).problems.size() == environment.size());
}

TEST_CASE("configuration: a list in the environment is separated by commas") {
  const app::Loaded loaded = load("", {"ROLLCALL_SERVER_DOMAINS=example.org, Example.NET,example.org"});
  CHECK(loaded.problems.empty());
  CHECK(loaded.configuration.domains == std::vector<std::string>{"example.org", "example.net"});
}

TEST_CASE("configuration: an unknown key is refused with its line, and the keys that there are") {
  const std::string problem = only_problem(load("[log]\nlevel = \"info\"\n  lvl = \"debug\"\n"));
  CHECK(problem == "FILE:3:3: there is no key log.lvl; keys of [log]: level, format");
}

TEST_CASE("configuration: an unknown section is refused with its line, even when it is empty") {
  CHECK(only_problem(load("\n[lgo]\nlevel = \"info\"\n"))
            .starts_with("FILE:3:1: there is no section [lgo]; sections: "));
  CHECK(only_problem(load("\n[lgo]\n")).starts_with("FILE:2:1: there is no section [lgo]"));
}

TEST_CASE("configuration: a key outside of any section is refused") {
  CHECK(only_problem(load("level = \"info\"\n")) ==
        "FILE:1:1: the key level stands outside of any [section]");
}

TEST_CASE("configuration: a bad value is refused with line, column and what is allowed") {
  CHECK(only_problem(load("[log]\nlevel = \"loud\"\n")) ==
        "FILE:2:9: log.level must be one of \"debug\", \"info\", \"warning\", \"error\", not \"loud\"");
  CHECK(only_problem(load("[limits]\nforks = 0\n")) ==
        "FILE:2:9: limits.forks must be a whole number from 1 to 100, not 0");
  CHECK(only_problem(load("[limits]\nforks = \"16\"\n")) ==
        "FILE:2:9: limits.forks must be a whole number from 1 to 100, not \"16\"");
  CHECK(only_problem(load("[admin]\nlisten = \"8080\"\n"))
            .starts_with("FILE:2:10: admin.listen must be an address and a port"));
  CHECK(only_problem(load("[server]\ndomains = [\"exa mple\"]\n"))
            .starts_with("FILE:2:11: server.domains must be a list of host names"));
  CHECK(only_problem(load("[server]\nshards = 1.5\n"))
            .starts_with("FILE:2:10: server.shards must be a text, a whole number or a list"));
}

TEST_CASE("configuration: who may watch by default, for all domains and for some") {
  using rules::DomainDefault;
  const app::Loaded loaded = load(
      "[presence]\ndefault_policy = \"block\"\n"
      "domain_policies = [\"Example.org=confirm\", \"a.net=open\"]\n");
  CHECK(loaded.problems.empty());
  CHECK(loaded.configuration.default_policy == DomainDefault::block);
  const presence::Policy policy{loaded.configuration.default_policy, loaded.configuration.domain_policies};
  CHECK(policy.of("example.org") == DomainDefault::confirm);
  CHECK(policy.of("a.net") == DomainDefault::open);
  CHECK(policy.of("b.net") == DomainDefault::block);
  // The word of earlier versions.
  CHECK(load("[presence]\ndefault_policy = \"domain\"\n").configuration.default_policy ==
        DomainDefault::allow_domain);
  for (const char* wrong : {"default_policy = \"everybody\"", "domain_policies = [\"example.org\"]",
                            "domain_policies = [\"example.org=everybody\"]",
                            "domain_policies = [\"a.org=open\", \"A.org=block\"]",
                            "domain_policies = [\"a b=open\"]", "domain_policies = \"example.org=open\""}) {
    CAPTURE(wrong);
    CHECK(load(std::string("[presence]\n") + wrong + "\n").problems.size() == 1);
  }
}

TEST_CASE("configuration: how a status is chosen, for all domains and for some") {
  const app::Loaded loaded = load(
      "[presence]\ncomposition = \"newest\"\ndomain_compositions = [\"Example.org=strongest\"]\n"
      "hysteresis_seconds = 0\nregistrations = \"ignore\"\n");
  CHECK(loaded.problems.empty());
  CHECK(loaded.configuration.composition == presence::StatusChoice::newest);
  REQUIRE(loaded.configuration.domain_compositions.size() == 1);
  CHECK(loaded.configuration.domain_compositions[0].first == "example.org");
  CHECK(loaded.configuration.hysteresis_seconds == 0);
  CHECK_FALSE(loaded.configuration.show_registrations);
  for (const char* wrong : {"composition = \"loudest\"", "domain_compositions = [\"example.org\"]",
                            "domain_compositions = [\"example.org=loudest\"]",
                            "domain_compositions = [\"a.org=newest\", \"A.org=newest\"]",
                            "hysteresis_seconds = 61", "hysteresis_seconds = -1", "registrations = \"no\""}) {
    CAPTURE(wrong);
    CHECK(only_problem(load("[presence]\n" + std::string(wrong) + "\n")).starts_with("FILE:2:"));
  }
}

TEST_CASE("configuration: all problems are told at once") {
  const app::Loaded loaded = load("[log]\nlevel = 3\nfrmt = 1\n", {"ROLLCALL_LOG_LEVEL=none"});
  CHECK(loaded.problems.size() == 3);
}

TEST_CASE("configuration: text that is not TOML is refused with its line") {
  CHECK(only_problem(load("[log]\nlevel = \n")).starts_with("FILE:2:"));
}

TEST_CASE("configuration: a file that is not there stops the start") {
  const app::Loaded loaded = app::load_configuration({"/nowhere/rollcall.toml", {}, {}});
  CHECK(only_problem(loaded) == "/nowhere/rollcall.toml: cannot be read");
}

TEST_CASE("configuration: a misspelt variable of a section is refused, other variables are not ours") {
  CHECK(only_problem(load("", {"ROLLCALL_LOG_LEVLE=debug", "ROLLCALL_HOME=/x"})) ==
        "ROLLCALL_LOG_LEVLE: there is no key of this name");
}

TEST_CASE("configuration: limits of one kind must be in order") {
  CHECK(only_problem(load("[limits]\nregister_min_seconds = 600\nregister_default_seconds = 300\n")) ==
        "limits.register_min_seconds, register_default_seconds and register_max_seconds must rise");
}

TEST_CASE("configuration: an administrator's token that can be guessed is refused, and not shown") {
  const std::string problem = only_problem(load("[admin]\ntoken = \"hunter2\"\n"));
  CHECK(problem == "FILE:2:9: admin.token must be empty, or at least 16 characters without spaces");
}

TEST_CASE("configuration: what is shown holds no secret") {
  const app::Loaded loaded = load(
      "[database]\nurl = \"postgresql://roll:p@ss/word@db.example.org:5432/rollcall\"\n"
      "[admin]\ntoken = \"0123456789abcdef\"\n");
  REQUIRE(loaded.problems.empty());
  const std::string shown = app::to_toml(loaded.configuration, app::TomlStyle::plain);
  CHECK(shown.find("url = \"postgresql://roll:(hidden)@db.example.org:5432/rollcall\"") != std::string::npos);
  CHECK(shown.find("token = \"(hidden)\"") != std::string::npos);
  CHECK(shown.find("0123456789abcdef") == std::string::npos);
}

TEST_CASE("configuration: the password is hidden in every form of a database address") {
  CHECK(app::conceal_password("host=db password=secret user=me") == "host=db password=(hidden) user=me");
  CHECK(app::conceal_password("password='a secret' host=db") == "password=(hidden) host=db");
  CHECK(app::conceal_password("postgresql:///db?password=secret&user=me") ==
        "postgresql:///db?password=(hidden)&user=me");
  CHECK(app::conceal_password("postgresql://db.example.org:5432/x") == "postgresql://db.example.org:5432/x");
  CHECK(app::conceal_password("").empty());
}

TEST_CASE("configuration: what is shown can be read again") {
  app::Loaded first = load("[server]\ndata_dir = \"/srv/a \\\"b\\\" \\\\c\"\ndomains = [\"example.org\"]\n");
  REQUIRE(first.problems.empty());
  const app::Loaded second = load(app::to_toml(first.configuration, app::TomlStyle::plain));
  CHECK(second.problems.empty());
  CHECK(second.configuration.data_dir == "/srv/a \"b\" \\c");
  CHECK(second.configuration.domains == first.configuration.domains);
}

TEST_CASE("configuration: what a running server does not take over is named") {
  Configuration after;
  after.log_level = base::LogLevel::debug;
  after.limits.forks = 3;
  after.domains = {"example.org"};
  CHECK(app::keys_that_need_restart(Configuration{}, after).empty());
  after.shards = 9;
  CHECK(app::keys_that_need_restart(Configuration{}, after) == std::vector<std::string>{"server.shards"});
}
