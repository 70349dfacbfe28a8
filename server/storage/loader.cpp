// SPDX-License-Identifier: Apache-2.0
#include "loader.hpp"

#include "copy_rows.hpp"
#include "table.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <rollcall/base/log.hpp>

#include <pqxx/stream_from>

namespace rollcall::storage {

namespace {

constexpr base::Log log{"storage"};

using Sink = std::function<void(model::Change&&)>;

// The columns to load: all, or for messages those that memory needs.
template <class T>
std::vector<Column<T>> columns_to_load(const Table<T>& table) {
  return {table.columns.begin(), table.columns.end()};
}

std::vector<Column<model::StoredMessage>> columns_to_load(const Table<model::StoredMessage>& table) {
  static constexpr std::string_view needed[] = {"receiver", "id",      "fingerprint",
                                                "stored",   "expires", "devices"};
  std::vector<Column<model::StoredMessage>> columns;
  for (const auto& column : table.columns)
    if (std::ranges::count(needed, column.name) > 0) columns.push_back(column);
  return columns;
}

// Fills a value from a row. False: some field is no value of its column's.
template <class T>
bool read_row(const std::vector<Column<T>>& columns, const std::vector<std::string_view>& fields, T& row) {
  if (fields.size() != columns.size()) return false;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (!columns[i].read(fields[i], row)) {
      log.warning("row_left_out", base::kv("column", columns[i].name), base::kv("key", fields[0]));
      return false;
    }
  return true;
}

// Streams a table as Save changes; how many rows.
template <class Save, class T>
std::int64_t load_table(Link& link, const Table<T>& table, const Sink& sink) {
  const std::vector<Column<T>> columns = columns_to_load(table);
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const Column<T>& column : columns)
    names.emplace_back(column.name);
  pqxx::stream_from stream(link.work(), table.name, names);
  std::int64_t count = 0;
  std::string line;
  std::vector<std::string_view> fields;
  while (stream.get_raw_line(line)) {
    T row;
    if (!read_row(columns, split_copy_line(line, fields), row)) continue;
    sink(Save{std::move(row)});
    ++count;
  }
  stream.complete();
  return count;
}

std::int64_t delete_expired(Link& link, base::Instant now) {
  std::int64_t deleted = 0;
  for (const char* table : {"bindings", "publications", "subscriptions", "messages"}) {
    const pqxx::result result = link.ask(
        std::string("DELETE FROM ") + table + " WHERE expires <= $1::timestamptz", {base::to_rfc3339(now)});
    deleted += static_cast<std::int64_t>(result.affected_rows());
  }
  return deleted;
}

}  // namespace

Loaded load_all(Link& link, base::Instant now, const Sink& sink) {
  Loaded loaded;
  loaded.expired = delete_expired(link, now);
  loaded.domains = load_table<model::SaveDomain>(link, domains_table, sink);
  loaded.users = load_table<model::SaveUser>(link, users_table, sink);
  loaded.devices = load_table<model::SaveDevice>(link, devices_table, sink);
  loaded.bindings = load_table<model::SaveBinding>(link, bindings_table, sink);
  loaded.publications = load_table<model::SavePublication>(link, publications_table, sink);
  loaded.subscriptions = load_table<model::SaveSubscription>(link, subscriptions_table, sink);
  loaded.messages = load_table<model::SaveMessage>(link, messages_table, sink);
  return loaded;
}

}  // namespace rollcall::storage
