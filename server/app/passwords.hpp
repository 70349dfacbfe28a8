// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <rollcall/base/result.hpp>

namespace rollcall::app {

/// A password that is easy to read out: four groups of five letters and digits, 100 random bits.
std::string make_password();

/// Asks twice on the terminal, without showing what is typed. "" when the answer was empty.
/// malformed: the two differ; unavailable: there is no terminal.
base::Result<std::string> ask_for_password(const std::string& user);

/// One line of standard input. malformed when it is empty.
base::Result<std::string> read_password_from_input();

}  // namespace rollcall::app
