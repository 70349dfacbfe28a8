// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <rollcall/app/configuration.hpp>

namespace rollcall::app {

enum class Command : std::uint8_t {
  serve,
  check_config,
  user_add,
  user_import,
  user_passwd,
  user_list,
  user_disable,
  user_enable,
  user_remove,
  version,
};

/// What the user asked for.
struct CommandLine {
  Command command = Command::version;
  std::string config_file;               // "" : none was named
  std::vector<Sources::Option> options;  // what overrides the configuration

  bool defaults = false;        // check-config: print the sample file
  std::string address;          // user ...: "alice@example.org"
  std::string display_name;     // user add
  bool password_stdin = false;  // user add, passwd
  std::string csv_file;         // user import
  std::string only_domain;      // user list: "" for all
  bool json = false;            // user list
};

/// There is nothing to do but to print this and to end.
struct Exit {
  int code = 0;
  std::string text;  // to standard output when the code is 0, else to standard error
};

/// Exit codes of the program: 0 done, 1 failed, 2 the command line or the configuration is wrong.
std::variant<CommandLine, Exit> parse_command_line(int count, const char* const* arguments);

/// "0.1.0"
const char* version();

}  // namespace rollcall::app
