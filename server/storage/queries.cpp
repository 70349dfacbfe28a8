// SPDX-License-Identifier: Apache-2.0
#include "queries.hpp"

#include "codec.hpp"
#include "text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace rollcall::storage {

namespace {

using engine::Page, engine::PageRequest;

constexpr std::int64_t largest_page = 1'000;
// After a failure, questions fail at once for this long instead of each waiting for a connection.
constexpr std::chrono::milliseconds pause_after_failure{500};

template <class T>
base::Result<T> read_row(const Table<T>& table, const pqxx::row& fields) {
  T row;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto field = fields[static_cast<pqxx::row::size_type>(i)];
    if (!table.columns[i].read({field.c_str(), field.size()}, row))
      return base::Error{base::ErrorCode::internal,
                         fmt::format("the database holds no valid {}.{}", table.name, table.columns[i].name)};
  }
  return row;
}

// The part of the key that a page is sorted by: the last column of the primary key.
template <class T>
std::string sort_key(const Table<T>& table) {
  return table.columns[table.keys - 1].name;
}

}  // namespace

void ReaderQueries::connect() {
  if (link_ && link_->is_open()) return;
  link_.reset();
  if (Watchdog::Clock::now() - failed_at_ < pause_after_failure) throw pqxx::broken_connection(failure_);
  try {
    link_ = std::make_unique<Link>(url_, Link::Purpose::reader, watchdog_);
  } catch (const std::exception& e) {
    failed_at_ = Watchdog::Clock::now();
    failure_ = e.what();
    throw;
  }
}

base::Result<pqxx::result> ReaderQueries::ask(const std::string& sql,
                                              const std::vector<std::string>& params) {
  // A connection that was idle may have died unnoticed; a new one shows whether the database is there.
  for (const bool again : {true, false}) {
    try {
      connect();
      return link_->ask(sql, params);
    } catch (...) {
      const Trouble trouble = trouble_in_flight();
      if (trouble.kind == Trouble::Kind::lost) link_.reset();
      if (!again || trouble.kind != Trouble::Kind::lost) return trouble.error;
    }
  }
  return base::unavailable("database");
}

// Rows by keyset: those behind the cursor's key, one more than asked to know whether a page follows.
template <class T>
base::Result<Page<T>> ReaderQueries::page_of(const Table<T>& table, const std::string& condition,
                                             std::vector<std::string> params, const PageRequest& page) {
  const auto after = parse_cursor(page.after);
  if (!after) return base::malformed("the cursor is none that this server made");
  const auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(page.limit, 1, largest_page));
  const std::string key = sort_key(table);
  params.push_back(encode_text(*after));
  const std::string sql =
      fmt::format("SELECT {} FROM {} WHERE {} AND {} > ${}::text ORDER BY {} LIMIT {}", column_list(table),
                  table.name, condition, key, params.size(), key, limit + 1);
  auto rows = ask(sql, params);
  if (!rows) return rows.error();
  Page<T> read;
  const std::size_t count = rows->size();
  for (std::size_t i = 0; i < std::min(count, limit); ++i) {
    auto row = read_row(table, (*rows)[static_cast<pqxx::result::size_type>(i)]);
    if (!row) return row.error();
    read.rows.push_back(std::move(*row));
  }
  if (count > limit) {
    const auto last = (*rows)[static_cast<pqxx::result::size_type>(limit - 1)][key];
    read.next = to_cursor(decode_text({last.c_str(), last.size()}));
  }
  return read;
}

template <class T>
base::Result<std::optional<T>> ReaderQueries::one_of(const Table<T>& table, const std::string& first,
                                                     const std::string& second) {
  const std::string sql = fmt::format("SELECT {} FROM {} WHERE {} = $1 AND {} = $2", column_list(table),
                                      table.name, table.columns[0].name, table.columns[1].name);
  const auto rows = ask(sql, {encode_text(first), encode_text(second)});
  if (!rows) return rows.error();
  if (rows.value().empty()) return std::optional<T>();
  auto row = read_row(table, rows.value()[0]);
  if (!row) return row.error();
  return std::optional<T>(std::move(*row));
}

base::Result<Page<model::Domain>> ReaderQueries::domains(const PageRequest& page) {
  return page_of(domains_table, "name ILIKE $1", {like_pattern(encode_text(page.search))}, page);
}

base::Result<Page<model::User>> ReaderQueries::users(const std::string& domain, const PageRequest& page) {
  static constexpr char condition[] =
      "($1 = '' OR domain = $1) AND ($2 = '' OR left(aor, -1 - length(domain)) ILIKE $2 OR display_name "
      "ILIKE $2)";
  const std::string pattern = page.search.empty() ? "" : like_pattern(encode_text(page.search));
  return page_of(users_table, condition, {encode_text(domain), pattern}, page);
}

base::Result<std::optional<model::Document>> ReaderQueries::document(const sip::Aor& owner,
                                                                     const std::string& path) {
  return one_of(documents_table, owner.text(), path);
}

base::Result<std::vector<engine::DocumentRow>> ReaderQueries::documents(const sip::Aor& owner) {
  // No body has a character that is encoded in the table: it is well-formed XML.
  const auto rows =
      ask("SELECT path, etag, octet_length(body), updated FROM documents WHERE owner = $1 ORDER BY path",
          {encode_text(owner.text())});
  if (!rows) return rows.error();
  std::vector<engine::DocumentRow> list;
  for (const auto& row : *rows) {
    engine::DocumentRow& read = list.emplace_back();
    read.path = decode_text(row[0].c_str());
    read.etag = decode_text(row[1].c_str());
    read.size = row[2].as<std::size_t>();
    read.updated = parse_time(row[3].c_str()).value_or(base::Instant());
  }
  return list;
}

base::Result<std::vector<model::Document>> ReaderQueries::documents_where(
    const std::string& condition, const std::vector<std::string>& params) {
  const auto rows =
      ask(fmt::format("SELECT {} FROM documents WHERE {}", column_list(documents_table), condition), params);
  if (!rows) return rows.error();
  std::vector<model::Document> read;
  for (const auto& fields : *rows) {
    auto row = read_row(documents_table, fields);
    if (!row) return row.error();
    read.push_back(std::move(*row));
  }
  return read;
}

base::Result<std::optional<model::Document>> ReaderQueries::service(const std::string& uri) {
  auto found =
      documents_where("services @> $1::text[] ORDER BY owner, path LIMIT 1", {to_array_literal({uri})});
  if (!found) return found.error();
  if (found->empty()) return std::optional<model::Document>();
  return std::optional<model::Document>(std::move(found->front()));
}

base::Result<std::vector<std::string>> ReaderQueries::taken_services(const std::vector<std::string>& uris,
                                                                     const sip::Aor& owner,
                                                                     const std::string& path) {
  static constexpr char sql[] =
      "SELECT DISTINCT uri FROM documents, unnest(services) AS uri WHERE services && $1::text[] "
      "AND uri = ANY ($1::text[]) AND NOT (owner = $2 AND path = $3)";
  const auto rows = ask(sql, {to_array_literal(uris), encode_text(owner.text()), encode_text(path)});
  if (!rows) return rows.error();
  std::vector<std::string> taken;
  for (const auto& row : *rows)
    taken.push_back(decode_text(row[0].c_str()));
  return taken;
}

base::Result<std::vector<model::Document>> ReaderQueries::service_documents(std::int64_t most) {
  return documents_where(fmt::format("services <> '{{}}' ORDER BY owner, path LIMIT {}", most), {});
}

base::Result<Page<model::StoredMessage>> ReaderQueries::messages(const sip::Aor& receiver,
                                                                 const PageRequest& page) {
  return page_of(messages_table, "receiver = $1", {encode_text(receiver.text())}, page);
}

base::Result<std::optional<model::StoredMessage>> ReaderQueries::message(const sip::Aor& receiver,
                                                                         const std::string& id) {
  return one_of(messages_table, receiver.text(), id);
}

base::Result<> ReaderQueries::ping() {
  const auto rows = ask("SELECT 1", {});
  if (!rows) return rows.error();
  return base::Done{};
}

}  // namespace rollcall::storage
