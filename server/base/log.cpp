// SPDX-License-Identifier: Apache-2.0
#include <atomic>

#include <rollcall/base/log.hpp>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace rollcall::base {

namespace {

std::atomic<LogLevel> current_level{LogLevel::info};
std::atomic<LogFormat> current_format{LogFormat::text};

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = spdlog::stderr_color_mt("rollcall");
    made->set_level(spdlog::level::debug);
    made->flush_on(spdlog::level::debug);
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
    return made;
  }();
  return *instance;
}

// Escapes what would break a line or a JSON string; bytes above 0x7f pass.
void append_escaped(fmt::memory_buffer& out, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      fmt::format_to(fmt::appender(out), "\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out.push_back(c);
    }
  }
}

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(" \"=\\\t\r\n") != std::string_view::npos;
}

void append_text(fmt::memory_buffer& out, std::string_view layer, std::string_view event,
                 std::initializer_list<Field> fields) {
  fmt::format_to(fmt::appender(out), "{} {}", layer, event);
  for (const Field& field : fields) {
    fmt::format_to(fmt::appender(out), " {}=", field.key);
    const bool quoted = needs_quotes(field.value);
    if (quoted) out.push_back('"');
    append_escaped(out, field.value);
    if (quoted) out.push_back('"');
  }
}

void append_json(fmt::memory_buffer& out, std::string_view layer, std::string_view event,
                 std::initializer_list<Field> fields) {
  fmt::format_to(fmt::appender(out), R"("layer":"{}","event":"{}")", layer, event);
  for (const Field& field : fields) {
    fmt::format_to(fmt::appender(out), R"(,"{}":")", field.key);
    append_escaped(out, field.value);
    out.push_back('"');
  }
}

}  // namespace

void start_log(LogLevel level, LogFormat format) {
  current_level = level;
  current_format = format;
  if (format == LogFormat::json)
    logger().set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})",
                         spdlog::pattern_time_type::utc);
}

void set_log_level(LogLevel level) {
  current_level = level;
}
LogLevel log_level() {
  return current_level;
}
bool log_enabled(LogLevel level) {
  return level >= current_level.load(std::memory_order_relaxed);
}

void write_log(LogLevel level, std::string_view layer, std::string_view event,
               std::initializer_list<Field> fields) {
  fmt::memory_buffer line;
  if (current_format == LogFormat::json)
    append_json(line, layer, event, fields);
  else
    append_text(line, layer, event, fields);
  logger().log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace rollcall::base
