// SPDX-License-Identifier: Apache-2.0
// The user commands: what they read, do and print.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include <rollcall/app/command_line.hpp>

#include "users.hpp"

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

/// `user import`: adds the users of a CSV text. `name` is what errors call it.
int import_users(std::string_view csv, const std::string& name, Users& users, Console& console);

}  // namespace rollcall::app
