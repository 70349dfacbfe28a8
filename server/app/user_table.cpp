// SPDX-License-Identifier: Apache-2.0
#include "user_table.hpp"

#include <algorithm>
#include <ostream>

#include <rollcall/http/json.hpp>
#include <rollcall/http/text.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

namespace rollcall::app {

void UserTable::add(const UserRow& row) {
  rows_.push_back(row);
}

void UserTable::finish() {
  json_ ? print_json() : print_columns();
}

void UserTable::print_columns() {
  std::size_t address = 4, name = 4;  // of the headings
  for (const UserRow& row : rows_) {
    address = std::max(address, http::character_count(row.address));
    name = std::max(name, http::character_count(row.display_name));
  }
  fmt::print(out_, "{:<{}}  {:<{}}  {:<8}  {}\n", "USER", address, "NAME", name, "STATE", "CREATED");
  for (const UserRow& row : rows_)
    fmt::print(out_, "{:<{}}  {:<{}}  {:<8}  {}\n", row.address, address, row.display_name, name,
               row.enabled ? "enabled" : "disabled", row.created);
  fmt::print(out_, "{} {}\n", rows_.size(), rows_.size() == 1 ? "user" : "users");
}

void UserTable::print_json() {
  using namespace http::json;
  Array array;
  for (const UserRow& row : rows_)
    array.push_back(Object{{"address", row.address},
                           {"display_name", row.display_name},
                           {"enabled", row.enabled},
                           {"created", row.created}});
  fmt::print(out_, "{}\n", write(array));
}

}  // namespace rollcall::app
