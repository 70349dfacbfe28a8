// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include <rollcall/rules/permissions.hpp>

#include <fmt/format.h>

namespace rollcall::rules {

namespace {

struct HandlingRow {
  Handling handling;
  std::string_view word;
};

constexpr HandlingRow handlings[] = {
    {Handling::block, "block"},
    {Handling::confirm, "confirm"},
    {Handling::polite_block, "polite-block"},
    {Handling::allow, "allow"},
};

/// Values are written with their length, so that no value can pass for two.
void append(std::string& key, std::string_view value) {
  fmt::format_to(std::back_inserter(key), "{}:{}", value.size(), value);
}

void append(std::string& key, char name, const Selection& selection) {
  key += name;
  if (selection.all) key += '*';
  for (const auto& [by, value] : selection.members) {
    key += static_cast<char>('a' + static_cast<int>(by));
    append(key, value);
  }
  key += ';';
}

}  // namespace

std::string_view to_string(Handling handling) {
  const auto row = std::find_if(std::begin(handlings), std::end(handlings),
                                [&](const HandlingRow& one) { return one.handling == handling; });
  return row == std::end(handlings) ? handlings[0].word : row->word;
}

std::optional<Handling> handling_of(std::string_view word) {
  const auto row = std::find_if(std::begin(handlings), std::end(handlings),
                                [&](const HandlingRow& one) { return one.word == word; });
  if (row == std::end(handlings)) return std::nullopt;
  return row->handling;
}

void Selection::add(const Selection& other) {
  all = all || other.all;
  if (all) {
    members.clear();
  } else {
    members.insert(other.members.begin(), other.members.end());
  }
}

Permissions Permissions::everything() {
  Permissions whole;
  whole.services.all = whole.persons.all = whole.devices.all = true;
  whole.give_all_attributes();
  return whole;
}

void Permissions::give_all_attributes() {
  all_attributes = true;
  attributes = (1U << attribute_count) - 1;
  user_input = UserInput::full;
  unknown.clear();
}

void Permissions::add(const Permissions& other) {
  services.add(other.services);
  persons.add(other.persons);
  devices.add(other.devices);
  if (all_attributes || other.all_attributes) {
    give_all_attributes();
    return;
  }
  attributes = static_cast<std::uint16_t>(attributes | other.attributes);
  user_input = std::max(user_input, other.user_input);
  unknown.insert(other.unknown.begin(), other.unknown.end());
}

std::string Permissions::key() const {
  std::string key;
  append(key, 's', services);
  append(key, 'p', persons);
  append(key, 'd', devices);
  fmt::format_to(std::back_inserter(key), "{}{:x};{}", all_attributes ? "*" : "", attributes,
                 static_cast<unsigned>(user_input));
  for (const auto& [uri, name] : unknown) {
    key += ';';
    append(key, uri);
    append(key, name);
  }
  return key;
}

}  // namespace rollcall::rules
