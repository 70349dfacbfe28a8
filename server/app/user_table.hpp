// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "users.hpp"

#include <iosfwd>
#include <vector>

namespace rollcall::app {

/// Prints users: for people in columns, for programs as a JSON array.
class UserTable {
 public:
  UserTable(std::ostream& out, bool json) : out_(out), json_(json) {}

  void add(const UserRow& row);
  /// Nothing is printed before: columns are as wide as what stands in them.
  void finish();

 private:
  void print_columns();
  void print_json();

  std::ostream& out_;
  bool json_;
  std::vector<UserRow> rows_;
};

}  // namespace rollcall::app
