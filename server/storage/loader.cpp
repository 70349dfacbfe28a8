// SPDX-License-Identifier: Apache-2.0
#include "loader.hpp"

#include "copy_rows.hpp"
#include "lane.hpp"
#include "table.hpp"
#include "text.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <rollcall/base/log.hpp>

#include <fmt/format.h>
#include <pqxx/stream_from>

namespace rollcall::storage {

namespace {

constexpr base::Log log{"storage"};

using Lanes = std::vector<std::unique_ptr<Lane>>;

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

template <class T>
T row_of(const Table<T>&);

// What a table's lines become: a Decode of a lane.
template <class Save, const auto& table, std::int64_t Loaded::*count>
void decode(std::string& lines, const Lane::Sink& sink, Loaded& loaded) {
  static const auto columns = columns_to_load(table);
  std::vector<std::string_view> fields;
  const std::span<char> all(lines);
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = lines.find('\n', begin);
    decltype(row_of(table)) row;
    if (read_row(columns, split_copy_line(all.subspan(begin, end - begin), fields), row)) {
      sink(Save{std::move(row)});
      ++(loaded.*count);
    }
    begin = end + 1;
  }
}

// The AOR in the first field of a line, as the row that is made of it will have it.
std::string key_of(std::string field) {
  std::vector<std::string_view> fields;
  const auto aor = sip::Aor::parse(decode_text(split_copy_line(field, fields).front()));
  return aor ? aor->text() : "";
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '@' || c == '.' || c == '-' || c == '_';
}

// Which lane a line belongs to. Most keys need no parsing to know how they will look.
std::size_t lane_of(const std::string& line, const LoadTarget& target) {
  const std::string_view key(line.data(), std::min(line.find('\t'), line.size()));
  return std::ranges::all_of(key, is_plain) ? target.owner(key) : target.owner(key_of(std::string(key)));
}

// What COPY reads: some columns of the table, of all rows or of those that fulfil the condition.
template <class T>
std::string source_of(const Table<T>& table, const std::string& condition) {
  std::string columns;
  for (const Column<T>& column : columns_to_load(table))
    columns += fmt::format("{}{}", columns.empty() ? "" : ", ", column.name);
  if (condition.empty()) return fmt::format("{} ({})", table.name, columns);
  return fmt::format("(SELECT {} FROM {} WHERE {})", columns, table.name, condition);
}

// Calls back for each line of a table, without its end.
template <class T, class F>
void stream(Link& link, const Table<T>& table, const std::string& condition, F on_line) {
  // Libpqxx puts what it calls the name of the table between COPY and TO as it is.
  pqxx::stream_from stream(link.work(), source_of(table, condition));
  std::string line;
  while (stream.get_raw_line(line)) {
    if (line.ends_with('\n')) line.pop_back();
    on_line(line);
  }
  stream.complete();
}

template <class Save, const auto& table, std::int64_t Loaded::*count>
void load_table(Link& link, const LoadTarget& target, const Lanes& lanes, const std::string& condition = "") {
  stream(link, table, condition, [&](const std::string& line) {
    lanes[lane_of(line, target)]->add(line, decode<Save, table, count>);
  });
}

Loaded total(const Lanes& lanes, std::int64_t expired) {
  Loaded all;
  for (const auto& lane : lanes)
    lane->end();
  for (const auto& lane : lanes) {
    const Loaded& part = lane->finish();
    all.domains = part.domains;  // every lane has had them all
    for (const auto count : {&Loaded::users, &Loaded::devices, &Loaded::bindings, &Loaded::publications,
                             &Loaded::subscriptions, &Loaded::waiting, &Loaded::documents, &Loaded::messages})
      all.*count += part.*count;
  }
  all.expired = expired;
  return all;
}

std::int64_t delete_expired(Link& link, base::Instant now) {
  std::int64_t deleted = 0;
  for (const char* table : {"bindings", "publications", "subscriptions", "waiting_watchers", "messages"}) {
    const pqxx::result result = link.ask(
        std::string("DELETE FROM ") + table + " WHERE expires <= $1::timestamptz", {base::to_rfc3339(now)});
    deleted += static_cast<std::int64_t>(result.affected_rows());
  }
  return deleted;
}

std::string of_usages_in_memory() {
  std::string names;
  for (const std::string_view usage : model::usages_in_memory)
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", usage);
  return fmt::format("split_part(path, '/', 1) IN ({})", names);
}

}  // namespace

Loaded load_all(Link& link, base::Instant now, const LoadTarget& target) {
  using namespace model;
  const std::int64_t expired = delete_expired(link, now);
  Lanes lanes;
  for (std::size_t shard = 0; shard < target.shards; ++shard)
    lanes.push_back(
        std::make_unique<Lane>([&, shard](Change&& change) { target.apply(shard, std::move(change)); }));
  stream(link, domains_table, "", [&](const std::string& line) {
    for (const auto& lane : lanes)
      lane->add(line, decode<SaveDomain, domains_table, &Loaded::domains>);
  });
  load_table<SaveUser, users_table, &Loaded::users>(link, target, lanes);
  load_table<SaveDevice, devices_table, &Loaded::devices>(link, target, lanes);
  load_table<SaveBinding, bindings_table, &Loaded::bindings>(link, target, lanes);
  load_table<SavePublication, publications_table, &Loaded::publications>(link, target, lanes);
  load_table<SaveSubscription, subscriptions_table, &Loaded::subscriptions>(link, target, lanes);
  load_table<SaveWaiting, waiting_watchers_table, &Loaded::waiting>(link, target, lanes);
  load_table<SaveDocument, documents_table, &Loaded::documents>(link, target, lanes, of_usages_in_memory());
  load_table<SaveMessage, messages_table, &Loaded::messages>(link, target, lanes);
  return total(lanes, expired);
}

}  // namespace rollcall::storage
