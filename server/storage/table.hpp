// SPDX-License-Identifier: Apache-2.0
// How values become rows and rows values: one table of columns a kind, used by whoever writes,
// loads or asks.
#pragma once

#include "params.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <rollcall/base/clock.hpp>
#include <rollcall/model/change.hpp>
#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::storage {

/// A column of the table that keeps T. read() returns false for what is no value of T (somebody
/// wrote into the table by hand).
template <class T>
struct Column {
  const char* name;
  SqlType type;
  void (*write)(Array& out, const T& row);
  bool (*read)(std::string_view text, T& row);  // as PostgreSQL prints it
};

/// A table; the first `keys` columns are its primary key.
template <class T>
struct Table {
  const char* name;
  std::size_t keys;
  std::span<const Column<T>> columns;
};

extern const Table<model::Domain> domains_table;
extern const Table<model::User> users_table;
extern const Table<model::Binding> bindings_table;
extern const Table<model::Device> devices_table;
extern const Table<model::Publication> publications_table;
extern const Table<model::Subscription> subscriptions_table;
extern const Table<model::WaitingWatcher> waiting_watchers_table;
extern const Table<model::Document> documents_table;
extern const Table<model::StoredMessage> messages_table;

/// What a refresh writes: columns of a table above, its key first.
extern const Table<model::RefreshBinding> bindings_refresh;
extern const Table<model::RefreshPublication> publications_refresh;
extern const Table<model::RefreshSubscription> subscriptions_refresh;

/// "name, name, name" of the columns.
template <class T>
std::string column_list(const Table<T>& table) {
  std::string list;
  for (const Column<T>& column : table.columns) {
    if (!list.empty()) list += ", ";
    list += column.name;
  }
  return list;
}

}  // namespace rollcall::storage
