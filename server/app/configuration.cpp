// SPDX-License-Identifier: Apache-2.0
#include "keys.hpp"
#include "settings.hpp"

#include <rollcall/app/configuration.hpp>

#include <fmt/format.h>

namespace rollcall::app {

namespace {

void append(std::vector<std::string>& to, std::vector<std::string> from) {
  for (std::string& line : from)
    to.push_back(std::move(line));
}

// The three of one kind must be in order; each alone is within its own bounds already.
void check_order(const Configuration& configuration, const std::string& kind,
                 std::vector<std::string>& problems) {
  const auto limit = [&](const std::string& what) {
    return std::get<std::int64_t>(find_key("limits." + kind + what)->get(configuration));
  };
  if (limit("_min_seconds") > limit("_default_seconds") || limit("_default_seconds") > limit("_max_seconds"))
    problems.push_back(
        fmt::format("limits.{0}_min_seconds, {0}_default_seconds and {0}_max_seconds must rise", kind));
}

std::vector<std::string> check_together(const Configuration& configuration) {
  std::vector<std::string> problems;
  if (configuration.data_dir.empty()) problems.emplace_back("server.data_dir must not be empty");
  for (const char* kind : {"register", "publish", "subscribe"})
    check_order(configuration, kind, problems);
  return problems;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + '"';
}

// A comment that wraps at a hundred columns.
std::string comment(std::string_view text) {
  constexpr std::size_t width = 98;
  std::string out;
  while (!text.empty()) {
    std::size_t end = text.size() <= width ? text.size() : text.rfind(' ', width);
    if (end == std::string_view::npos) end = text.size();
    out += fmt::format("# {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

constexpr std::string_view introduction =
    "# Rollcall's configuration: every key with its default. A key that is left out has its default; a\n"
    "# key that does not exist stops the start. The environment overrides this file\n"
    "# (ROLLCALL_SIP_LISTEN for listen under [sip], lists with commas), the command line overrides both.\n"
    "# A running server takes log.level, domains and [limits] over on SIGHUP.\n";

Value shown_value(const Key& key, const Configuration& configuration, TomlStyle style) {
  Value value = key.get(configuration);
  if (style == TomlStyle::plain && key.conceal) value = key.conceal(std::get<std::string>(value));
  return value;
}

}  // namespace

Loaded load_configuration(const Sources& sources) {
  Loaded loaded;
  std::vector<Settings> all;
  if (!sources.file.empty()) all.push_back(settings_of_file(sources.file));
  all.push_back(settings_of_environment(sources.environment));
  all.push_back(settings_of_options(sources.options));
  for (Settings& settings : all) {
    append(loaded.problems, std::move(settings.problems));
    append(loaded.problems, take_over(loaded.configuration, settings.values));
  }
  if (loaded.problems.empty()) loaded.problems = check_together(loaded.configuration);
  return loaded;
}

std::string to_toml(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  std::string out = "[";
  for (const std::string& element : std::get<std::vector<std::string>>(value))
    out += (out.size() > 1 ? ", " : "") + quoted(element);
  return out + "]";
}

std::string to_toml(const Configuration& configuration, TomlStyle style) {
  std::string out(style == TomlStyle::explained ? introduction : "");
  std::string_view section;
  for (const Key& key : configuration_keys()) {
    if (key.section() != section) {
      section = key.section();
      out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", section);
    }
    if (style == TomlStyle::explained) out += comment(key.meaning);
    out += fmt::format("{} = {}\n", key.leaf(), to_toml(shown_value(key, configuration, style)));
  }
  return out;
}

std::vector<std::string> keys_that_need_restart(const Configuration& before, const Configuration& after) {
  std::vector<std::string> names;
  for (const Key& key : configuration_keys())
    if (!key.reloadable && key.get(before) != key.get(after)) names.push_back(key.name);
  return names;
}

std::string conceal_password(const std::string& url) {
  std::string shown = url;
  const std::size_t scheme = shown.find("://");
  const std::size_t begin = scheme == std::string::npos ? std::string::npos : scheme + 3;
  if (begin != std::string::npos) {
    // The last @: a password may hold one, and too much hidden does no harm.
    const std::size_t at = shown.rfind('@');
    const std::size_t colon = shown.find(':', begin);
    if (at != std::string::npos && colon < at) shown.replace(colon + 1, at - colon - 1, "(hidden)");
  }
  for (std::size_t at = shown.find("password="); at != std::string::npos;
       at = shown.find("password=", at + 1)) {
    const std::size_t value = at + std::string_view("password=").size();
    const bool in_quotes = value < shown.size() && shown[value] == '\'';
    const std::size_t end = in_quotes ? shown.find('\'', value + 1) : shown.find_first_of(" &", value);
    shown.replace(value,
                  std::min(end, shown.size()) - value + (in_quotes && end != std::string::npos ? 1 : 0),
                  "(hidden)");
  }
  return shown;
}

}  // namespace rollcall::app
