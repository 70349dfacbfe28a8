// SPDX-License-Identifier: Apache-2.0
#include <rollcall/app/command_line.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using app::Command;
using app::CommandLine;
using app::Exit;

namespace {

std::variant<CommandLine, Exit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "rollcall");
  return app::parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

CommandLine accepted(std::vector<const char*> arguments) {
  auto parsed = parse(std::move(arguments));
  REQUIRE(std::holds_alternative<CommandLine>(parsed));
  return std::get<CommandLine>(parsed);
}

Exit ended(std::vector<const char*> arguments) {
  auto parsed = parse(std::move(arguments));
  REQUIRE(std::holds_alternative<Exit>(parsed));
  return std::get<Exit>(parsed);
}

}  // namespace

TEST_CASE("command line: serve takes its options over the configuration, repeatable ones as lists") {
  const CommandLine line = accepted({"serve", "--config", "/etc/x.toml", "--data-dir", "/srv/x", "--domain",
                                     "a.example", "--domain", "b.example", "--listen", "udp:127.0.0.1:5060",
                                     "--listen", "tcp:[::1]:5060", "--admin-listen", "127.0.0.1:9090"});
  CHECK(line.command == Command::serve);
  CHECK(line.config_file == "/etc/x.toml");
  const app::Loaded loaded = app::load_configuration({"", {}, line.options});
  CHECK(loaded.problems.empty());
  CHECK(loaded.configuration.data_dir == "/srv/x");
  CHECK(loaded.configuration.domains == std::vector<std::string>{"a.example", "b.example"});
  REQUIRE(loaded.configuration.sip_listen.size() == 2);
  CHECK(loaded.configuration.sip_listen[1].to_string() == "tcp:[::1]:5060");
  CHECK(loaded.configuration.admin_listen.to_string() == "127.0.0.1:9090");
}

TEST_CASE("command line: a wrong value of an option is refused by the option's name") {
  const CommandLine line = accepted({"serve", "--listen", "sctp:127.0.0.1:5060"});
  const app::Loaded loaded = app::load_configuration({"", {}, line.options});
  REQUIRE(loaded.problems.size() == 1);
  CHECK(loaded.problems[0].starts_with("--listen: sip.listen must be"));
}

TEST_CASE("command line: every user command is known, with its arguments") {
  CHECK(accepted({"user", "add", "alice@example.org", "--name", "Alice", "--password-stdin"}).display_name ==
        "Alice");
  CHECK(accepted({"user", "add", "alice@example.org"}).command == Command::user_add);
  CHECK(accepted({"user", "import", "x.csv"}).csv_file == "x.csv");
  CHECK(accepted({"user", "import", "-"}).csv_file == "-");
  CHECK(accepted({"user", "passwd", "alice@example.org"}).command == Command::user_passwd);
  CHECK(accepted({"user", "list", "--json", "--domain", "example.org"}).json);
  CHECK(accepted({"user", "disable", "alice@example.org"}).command == Command::user_disable);
  CHECK(accepted({"user", "enable", "alice@example.org"}).command == Command::user_enable);
  CHECK(accepted({"user", "remove", "alice@example.org", "--data-dir", "/x"}).address == "alice@example.org");
}

TEST_CASE("command line: help is printed to standard output with code 0, for each command") {
  CHECK(ended({"--help"}).code == 0);
  for (const char* command : {"serve", "check-config", "user", "version"}) {
    CAPTURE(command);
    const Exit help = ended({command, "--help"});
    CHECK(help.code == 0);
    CHECK(help.text.find(command) != std::string::npos);
  }
  CHECK(ended({"user", "import", "--help"}).text.find("username,domain,password,display_name") !=
        std::string::npos);
}

TEST_CASE("command line: a wrong call ends with code 2 and says what is wrong") {
  CHECK(ended({}).code == 2);
  CHECK(ended({"user"}).code == 2);
  CHECK(ended({"user", "add"}).code == 2);
  const Exit wrong = ended({"serve", "--lissten", "x"});
  CHECK(wrong.code == 2);
  CHECK(wrong.text.find("--lissten") != std::string::npos);
}
