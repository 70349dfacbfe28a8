// SPDX-License-Identifier: Apache-2.0
// The one home of toml++.
#include "settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

namespace rollcall::app {

namespace {

class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  Settings read() {
    try {
      read_sections(toml::parse_file(path_));
    } catch (const toml::parse_error& error) {
      if (error.source().begin)
        problem(error.source().begin, std::string(error.description()));
      else
        settings_.problems.push_back(fmt::format("{}: cannot be read", path_));
    }
    return std::move(settings_);
  }

 private:
  void read_sections(const toml::table& root) {
    for (auto&& [name, node] : root) {
      if (const toml::table* section = node.as_table())
        read_section(std::string(name.str()), *section);
      else
        problem(name.source().begin, fmt::format("the key {} stands outside of any [section]", name.str()));
    }
  }

  void read_section(const std::string& section, const toml::table& table) {
    if (table.empty()) add(section + ".", std::string(), table.source().begin);
    for (auto&& [name, node] : table) {
      const std::string key = fmt::format("{}.{}", section, name.str());
      if (!find_key(key))
        add(key, std::string(), name.source().begin);
      else if (auto value = value_of(node))
        add(key, std::move(*value), node.source().begin);
      else
        problem(node.source().begin,
                fmt::format("{} must be a text, a whole number or a list of texts", key));
    }
  }

  static std::optional<Value> value_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return Value(text->get());
    if (const auto* number = node.as_integer()) return Value(number->get());
    const toml::array* array = node.as_array();
    if (!array) return std::nullopt;
    std::vector<std::string> list;
    for (const toml::node& element : *array) {
      const auto* text = element.as_string();
      if (!text) return std::nullopt;
      list.push_back(text->get());
    }
    return Value(std::move(list));
  }

  void add(std::string key, Value value, const toml::source_position& at) {
    settings_.values.push_back({std::move(key), std::move(value), place(at)});
  }
  void problem(const toml::source_position& at, const std::string& what) {
    settings_.problems.push_back(fmt::format("{}: {}", place(at), what));
  }
  [[nodiscard]] std::string place(const toml::source_position& at) const {
    return fmt::format("{}:{}:{}", path_, at.line, at.column);
  }

  std::string path_;
  Settings settings_;
};

}  // namespace

Settings settings_of_file(const std::string& path) {
  return Reader(path).read();
}

}  // namespace rollcall::app
