// SPDX-License-Identifier: Apache-2.0
// Settings: values for keys with the place that they were read at, from a file, the environment or
// the command line.
#pragma once

#include "keys.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rollcall::app {

struct Setting {
  std::string key;
  Value value;
  std::string where;  // "rollcall.toml:3:10", "ROLLCALL_LOG_LEVEL", "--listen"
};

struct Settings {
  std::vector<Setting> values;
  std::vector<std::string> problems;  // of the source itself
};

/// From a TOML file. Problems: it cannot be read or is not TOML, or a value has a type that no key has.
Settings settings_of_file(const std::string& path);

/// From "ROLLCALL_SECTION_KEY=text". Variables of that form with no such key are settings too (and
/// so refused); other names that begin with ROLLCALL_ are none of ours.
Settings settings_of_environment(const std::vector<std::string>& environment);

/// From the command line.
Settings settings_of_options(const std::vector<Sources::Option>& options);

/// Takes the settings over. Returns what is wrong with them.
std::vector<std::string> take_over(Configuration& configuration, const std::vector<Setting>& settings);

}  // namespace rollcall::app
