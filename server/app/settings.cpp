// SPDX-License-Identifier: Apache-2.0
#include "settings.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rollcall::app {

namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    while (!part.empty() && part.front() == ' ')
      part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ')
      part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

// What is only text at its source becomes what the key is kept as; what does not fit stays a text,
// and is refused by the key with its reason.
Value value_from_text(const Key& key, const std::string& text) {
  const Value like = key.get(Configuration{});
  if (std::holds_alternative<std::vector<std::string>>(like)) return split(text);
  if (!std::holds_alternative<std::int64_t>(like)) return text;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return text;
  return number;
}

const Key* key_of_variable(std::string_view variable) {
  for (const Key& key : configuration_keys())
    if (environment_name(key) == variable) return &key;
  return nullptr;
}

// "ROLLCALL_LOG_LEVLE" looks like a key of the section "log", "ROLLCALL_HOME" like none of ours.
bool names_a_section(std::string_view variable) {
  return std::any_of(configuration_keys().begin(), configuration_keys().end(), [&](const Key& key) {
    const std::string name = environment_name(key);
    return variable.substr(0, name.size()).starts_with(name.substr(0, name.size() - key.leaf().size()));
  });
}

std::string keys_of_section(std::string_view section) {
  std::vector<std::string_view> leaves;
  for (const Key& key : configuration_keys())
    if (key.section() == section) leaves.push_back(key.leaf());
  return fmt::format("{}", fmt::join(leaves, ", "));
}

std::string sections() {
  std::vector<std::string_view> names;
  for (const Key& key : configuration_keys())
    if (names.empty() || names.back() != key.section()) names.push_back(key.section());
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string unknown_key(const std::string& name) {
  const std::string_view section = std::string_view(name).substr(0, name.find('.'));
  const std::string known = keys_of_section(section);
  if (known.empty()) return fmt::format("there is no section [{}]; sections: {}", section, sections());
  return fmt::format("there is no key {}; keys of [{}]: {}", name, section, known);
}

std::string shown(const Key& key, const Value& value) {
  return key.conceal ? "" : fmt::format(", not {}", to_toml(value));
}

}  // namespace

Settings settings_of_environment(const std::vector<std::string>& environment) {
  Settings settings;
  for (const std::string& entry : environment) {
    const std::size_t equals = entry.find('=');
    if (!entry.starts_with("ROLLCALL_") || equals == std::string::npos) continue;
    const std::string variable = entry.substr(0, equals);
    if (const Key* key = key_of_variable(variable))
      settings.values.push_back({key->name, value_from_text(*key, entry.substr(equals + 1)), variable});
    else if (names_a_section(variable))
      settings.problems.push_back(fmt::format("{}: there is no key of this name", variable));
  }
  return settings;
}

Settings settings_of_options(const std::vector<Sources::Option>& options) {
  Settings settings;
  for (const Sources::Option& option : options) {
    const Key* key = find_key(option.key);
    const bool is_list = key && std::holds_alternative<std::vector<std::string>>(key->get(Configuration{}));
    Value value = option.values;
    if (key && !is_list) value = value_from_text(*key, option.values.empty() ? "" : option.values.back());
    settings.values.push_back({option.key, std::move(value), option.name});
  }
  return settings;
}

std::vector<std::string> take_over(Configuration& configuration, const std::vector<Setting>& settings) {
  std::vector<std::string> problems;
  for (const Setting& setting : settings) {
    const Key* key = find_key(setting.key);
    if (!key) {
      problems.push_back(fmt::format("{}: {}", setting.where, unknown_key(setting.key)));
      continue;
    }
    const auto taken = key->set(configuration, setting.value);
    if (!taken)
      problems.push_back(fmt::format("{}: {} must be {}{}", setting.where, key->name, taken.error().detail,
                                     shown(*key, setting.value)));
  }
  return problems;
}

}  // namespace rollcall::app
