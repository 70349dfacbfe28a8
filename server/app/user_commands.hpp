// SPDX-License-Identifier: Apache-2.0
// The user commands: what they read, do and print.
#pragma once

#include "users.hpp"

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include <rollcall/app/command_line.hpp>

namespace rollcall::app {

/// Where a command writes, and asks.
struct Console {
  std::ostream& out;     // results
  std::ostream& errors;  // everything else
  /// The password for a user; "" asks for one to be made up.
  std::function<base::Result<std::string>(const std::string& user)> password;
};

/// Runs `user ...`. Returns the exit code.
int run_user_command(const CommandLine& line, Users& users, Console& console);

}  // namespace rollcall::app
