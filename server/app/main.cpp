// SPDX-License-Identifier: Apache-2.0
#include "administration.hpp"
#include "passwords.hpp"
#include "serve.hpp"
#include "user_commands.hpp"

#include <cstdio>
#include <filesystem>
#include <iostream>

#include <rollcall/app/command_line.hpp>
#include <rollcall/base/log.hpp>

#include <fmt/format.h>
#include <unistd.h>

using namespace rollcall;
using app::Command;
using app::CommandLine;

namespace {

constexpr const char* default_file = "/etc/rollcall/rollcall.toml";

app::Sources sources_of(const CommandLine& line) {
  app::Sources sources{line.config_file, {}, line.options};
  if (sources.file.empty() && std::filesystem::exists(default_file)) sources.file = default_file;
  for (char** entry = environ; *entry != nullptr; ++entry)
    sources.environment.emplace_back(*entry);
  return sources;
}

base::Result<std::string> password_for(const CommandLine& line, const std::string& user) {
  if (line.password_stdin) return app::read_password_from_input();
  if (isatty(STDIN_FILENO)) return app::ask_for_password(user);
  return std::string();
}

int run_user_command(const CommandLine& line, const app::Configuration& configuration) {
  // Somebody at a terminal wants answers, not what a server would log.
  base::start_log(base::LogLevel::error, configuration.log_format);
  auto administration = app::open_administration(configuration);
  if (!administration) {
    fmt::print(stderr, "rollcall: {}\n", administration.error().detail);
    return 1;
  }
  app::Users users(**administration);
  app::Console console{std::cout, std::cerr,
                       [&](const std::string& user) { return password_for(line, user); }};
  return app::run_user_command(line, users, console);
}

int run(const CommandLine& line) {
  if (line.command == Command::version) {
    fmt::print("rollcall {}\n", app::version());
    return 0;
  }
  if (line.defaults) {
    fmt::print("{}", app::to_toml(app::Configuration{}, app::TomlStyle::explained));
    return 0;
  }
  const app::Loaded loaded = app::load_configuration(sources_of(line));
  for (const std::string& problem : loaded.problems)
    fmt::print(stderr, "{}\n", problem);
  if (!loaded.problems.empty()) return 2;
  if (line.command == Command::check_config) {
    fmt::print("{}", app::to_toml(loaded.configuration, app::TomlStyle::plain));
    return 0;
  }
  if (line.command == Command::serve)
    return app::serve(loaded.configuration, [&] { return app::load_configuration(sources_of(line)); });
  return run_user_command(line, loaded.configuration);
}

}  // namespace

int main(int count, char** arguments) {
  const auto parsed = app::parse_command_line(count, arguments);
  if (const auto* exit = std::get_if<app::Exit>(&parsed)) {
    fmt::print(exit->code == 0 ? stdout : stderr, "{}", exit->text);
    return exit->code;
  }
  return run(std::get<CommandLine>(parsed));
}
