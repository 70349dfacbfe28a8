// SPDX-License-Identifier: Apache-2.0
// Logging: an event word and key=value pairs. The one header that stands before spdlog.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace rollcall::base {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
enum class LogFormat : std::uint8_t { text, json };

/// Where and how lines are written. Call once before other threads start; without it, info and
/// above go to standard error as text.
void start_log(LogLevel level, LogFormat format);

/// Changes the level while running. Any thread.
void set_log_level(LogLevel level);
LogLevel log_level();
bool log_enabled(LogLevel level);

/// One key=value pair of a line. Never pass bodies, passwords or digests.
struct Field {
  std::string_view key;
  std::string value;

  template <class T>
  Field(std::string_view key, const T& value) : key(key), value(fmt::format("{}", value)) {}
};

/// Writes one line: level, layer, event word, fields. Any thread. Control characters in values are
/// escaped, so that a line stays a line.
void write_log(LogLevel level, std::string_view layer, std::string_view event,
               std::initializer_list<Field> fields);

/// The logger of one layer, e.g. `constexpr Log log{"registrar"};`. Arguments are formatted only
/// when the level is on.
class Log {
 public:
  constexpr explicit Log(std::string_view layer) : layer_(layer) {}

  template <class... F>
  void debug(std::string_view event, F&&... fields) const {
    write(LogLevel::debug, event, fields...);
  }
  template <class... F>
  void info(std::string_view event, F&&... fields) const {
    write(LogLevel::info, event, fields...);
  }
  template <class... F>
  void warning(std::string_view event, F&&... fields) const {
    write(LogLevel::warning, event, fields...);
  }
  template <class... F>
  void error(std::string_view event, F&&... fields) const {
    write(LogLevel::error, event, fields...);
  }

 private:
  template <class... P>
  void write(LogLevel level, std::string_view event, const P&... pairs) const {
    if (log_enabled(level)) write_log(level, layer_, event, {Field(pairs.first, pairs.second)...});
  }

  std::string_view layer_;
};

/// A pair for Log: kv("aor", aor). Cheap while the level is off: it only refers to the value.
template <class T>
struct Pair {
  std::string_view first;
  const T& second;
};
template <class T>
Pair<T> kv(std::string_view key, const T& value) {
  return {key, value};
}

}  // namespace rollcall::base
