// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "link.hpp"

#include <span>
#include <string_view>

#include <rollcall/base/result.hpp>

namespace rollcall::storage {

/// One file of schema/: "0001_server.sql" is version 1.
struct Migration {
  int version;
  std::string_view name;
  std::string_view sql;
};

/// The files of schema/ in order, as they were when the program was built.
std::span<const Migration> embedded_migrations();

/// Applies what the database does not have yet, each migration in a transaction of its own, under an
/// advisory lock that a second program waits for, and that this one keeps until the link is closed or
/// release_schema_lock() is called. Error conflict: a migration that was applied has
/// been edited since, or the database has one that this program does not know. Throws what Link does.
base::Result<> migrate(Link& link, std::span<const Migration> migrations);
void release_schema_lock(Link& link);

}  // namespace rollcall::storage
