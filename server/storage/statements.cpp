// SPDX-License-Identifier: Apache-2.0
#include "statements.hpp"

#include "table.hpp"

#include <fmt/format.h>

namespace rollcall::storage {

namespace {

// A part's SQL, its parameters beginning at $first; moves `first` behind them.
using PartSql = std::string (*)(std::size_t& first);

// "$5::text[], $6::bigint[]": the arrays of the first `count` columns.
template <class T>
std::string arrays(const Table<T>& table, std::size_t count, std::size_t& first) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i)
    list += fmt::format("{}${}::{}[]", i == 0 ? "" : ", ", first++, name_of(table.columns[i].type));
  return list;
}

template <class T>
std::string key_list(const Table<T>& table) {
  std::string list = table.columns[0].name;
  for (std::size_t i = 1; i < table.keys; ++i)
    list += fmt::format(", {}", table.columns[i].name);
  return list;
}

template <const auto& table>
std::string save(std::size_t& first) {
  std::string selected, updated;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    selected += fmt::format("{}r.{}{}", i == 0 ? "" : ", ", column.name,
                            column.type == SqlType::text_list ? "::text[]" : "");
    if (i >= table.keys)
      updated += fmt::format("{}{} = excluded.{}", updated.empty() ? "" : ", ", column.name, column.name);
  }
  const std::string columns = column_list(table);
  return fmt::format(
      "save_{0} AS (INSERT INTO {0} ({1}) SELECT {2} FROM unnest({3}) AS r({1}) ON CONFLICT ({4}) DO UPDATE "
      "SET {5})",
      table.name, columns, selected, arrays(table, table.columns.size(), first), key_list(table), updated);
}

// "t.aor = r.aor AND t.id = r.id"
template <class T>
std::string same_key(const Table<T>& table) {
  std::string condition;
  for (std::size_t i = 0; i < table.keys; ++i)
    condition +=
        fmt::format("{}t.{} = r.{}", i == 0 ? "" : " AND ", table.columns[i].name, table.columns[i].name);
  return condition;
}

template <const auto& table>
std::string refresh(std::size_t& first) {
  std::string updated;
  for (std::size_t i = table.keys; i < table.columns.size(); ++i)
    updated +=
        fmt::format("{}{} = r.{}", i == table.keys ? "" : ", ", table.columns[i].name, table.columns[i].name);
  const std::string values = arrays(table, table.columns.size(), first);
  return fmt::format("refresh_{0} AS (UPDATE {0} t SET {1} FROM unnest({2}) AS r({3}) WHERE {4})", table.name,
                     updated, values, column_list(table), same_key(table));
}

template <const auto& table>
std::string remove(std::size_t& first) {
  const std::string keys = arrays(table, table.keys, first);
  return fmt::format("remove_{0} AS (DELETE FROM {0} t USING unnest({1}) AS r({2}) WHERE {3})", table.name,
                     keys, key_list(table), same_key(table));
}

std::string trim_messages(std::size_t& first) {
  const std::string keys = arrays(messages_table, messages_table.keys, first);
  return fmt::format(
      "trim_messages AS (UPDATE messages t SET devices = "
      "ARRAY(SELECT d FROM unnest(t.devices) AS d WHERE d <> ALL (r.had::text[])) "
      "FROM unnest({}, ${}::text[]) AS r(receiver, id, had) WHERE {})",
      keys, first++, same_key(messages_table));
}

std::string remove_users(std::size_t& first) {
  static constexpr const char* owned[][2] = {
      {"users", "aor"},
      {"bindings", "aor"},
      {"devices", "aor"},
      {"publications", "aor"},
      {"subscriptions", "presentity"},
      {"waiting_watchers", "presentity"},
      {"documents", "owner"},
      {"messages", "receiver"},
  };
  std::string sql;
  for (const auto& [table, key] : owned)
    sql += fmt::format("{0}remove_all_{1} AS (DELETE FROM {1} WHERE {2} = ANY (${3}::text[]))",
                       sql.empty() ? "" : ", ", table, key, first);
  ++first;
  return sql;
}

constexpr PartSql part_sql[] = {
    save<domains_table>,
    save<users_table>,
    save<bindings_table>,
    refresh<bindings_refresh>,
    remove<bindings_table>,
    save<publications_table>,
    refresh<publications_refresh>,
    remove<publications_table>,
    save<subscriptions_table>,
    refresh<subscriptions_refresh>,
    remove<subscriptions_table>,
    save<waiting_watchers_table>,
    remove<waiting_watchers_table>,
    save<documents_table>,
    remove<documents_table>,
    save<devices_table>,
    remove<devices_table>,
    save<messages_table>,
    trim_messages,
    remove<messages_table>,
    remove_users,
    remove<domains_table>,
};
static_assert(std::size(part_sql) == static_cast<std::size_t>(Part::count_));

}  // namespace

std::string statement_for(Parts parts) {
  // The count forces the mark to be written, and its absence into an error, before anything else.
  std::string sql =
      "WITH mark AS (UPDATE journal SET batch = $4::bigint "
      "WHERE number = $1::integer AND run = $2::bigint AND link = $3::bigint RETURNING 1)";
  std::size_t first = mark_params + 1;
  for (std::size_t part = 0; part < std::size(part_sql); ++part)
    if ((parts & bit(static_cast<Part>(part))) != 0) sql += ", " + part_sql[part](first);
  return sql + " SELECT 1 / count(*) FROM mark";
}

PreparedStatements::Choice PreparedStatements::choose(Parts needed) {
  if (prepared_.contains(needed)) return {needed, false};
  // The two kinds of removal that stand alone are few and always get their own.
  const bool full = prepared_.size() >= most && (needed & ~ordinary_parts) == 0;
  const Parts parts = full ? ordinary_parts : needed;
  return {parts, prepared_.insert(parts).second};
}

}  // namespace rollcall::storage
