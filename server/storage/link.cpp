// SPDX-License-Identifier: Apache-2.0
#include "link.hpp"

#include "advisory_locks.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <poll.h>
#include <pqxx/except>
#include <pqxx/prepared_statement>

namespace rollcall::storage {

using base::ErrorCode;

namespace {

// One line for a log, without what PostgreSQL adds below its message.
std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

constexpr std::string_view hidden = "***";
constexpr std::string_view password_key = "password";

struct StateRow {
  std::string_view prefix;
  Trouble::Kind kind;
  ErrorCode code;
};

// SQLSTATE by its beginning, the first row that fits counts (PostgreSQL, appendix A).
constexpr StateRow states[] = {
    {"22012", Trouble::Kind::fenced, ErrorCode::unavailable},  // division_by_zero: see statement_for()
    {"23", Trouble::Kind::refused, ErrorCode::conflict},       // integrity_constraint_violation
    {"25006", Trouble::Kind::away, ErrorCode::unavailable},    // read_only_sql_transaction
    {"40", Trouble::Kind::again, ErrorCode::unavailable},      // transaction_rollback
    {"53", Trouble::Kind::away, ErrorCode::unavailable},       // insufficient_resources
    {"54", Trouble::Kind::refused, ErrorCode::too_large},      // program_limit_exceeded
    {"55P03", Trouble::Kind::away, ErrorCode::unavailable},    // lock_not_available
    {"57", Trouble::Kind::away, ErrorCode::unavailable},       // operator_intervention
    {"58", Trouble::Kind::refused, ErrorCode::unavailable},    // system_error: perhaps of one page only
    {"XX", Trouble::Kind::refused, ErrorCode::unavailable},    // internal_error, the same
    {"42501", Trouble::Kind::away, ErrorCode::unavailable},    // insufficient_privilege
    {"42P01", Trouble::Kind::away, ErrorCode::unavailable},    // undefined_table
    {"", Trouble::Kind::refused, ErrorCode::internal},
};

Trouble from_state(std::string_view state, const std::string& text) {
  const auto row =
      std::ranges::find_if(states, [&](const StateRow& r) { return state.starts_with(r.prefix); });
  return {row->kind, {row->code, fmt::format("database: {} ({})", first_line(text), state)}};
}

}  // namespace

Trouble trouble_in_flight() {
  try {
    throw;
  } catch (const pqxx::broken_connection& e) {
    const std::string text = first_line(e.what());
    return {Trouble::Kind::lost, base::unavailable("database: " + (text.empty() ? "connection lost" : text))};
  } catch (const pqxx::transaction_rollback& e) {
    return {Trouble::Kind::again, base::unavailable("database: " + first_line(e.what()))};
  } catch (const pqxx::sql_error& e) {
    return from_state(e.sqlstate(), e.what());
  } catch (const pqxx::failure& e) {
    // Without a SQLSTATE it came from libpq itself: the connection is in an unknown state.
    return {Trouble::Kind::lost, base::unavailable("database: " + first_line(e.what()))};
  } catch (const std::exception& e) {
    return {Trouble::Kind::lost, {ErrorCode::internal, "database: " + first_line(e.what())}};
  }
}

std::string completed_url(const std::string& url) {
  static constexpr std::string_view added[] = {
      "connect_timeout=5",      "keepalives_idle=30",   "keepalives_interval=5",     "keepalives_count=3",
      "tcp_user_timeout=15000", "client_encoding=UTF8", "application_name=rollcall",
  };
  const bool is_uri = url.starts_with("postgresql://") || url.starts_with("postgres://");
  std::string whole = url;
  for (const std::string_view option : added) {
    if (url.find(option.substr(0, option.find('=') + 1)) != std::string::npos) continue;
    if (is_uri) {
      whole += whole.find('?') == std::string::npos ? '?' : '&';
    } else {
      whole += ' ';
    }
    whole += option;
  }
  return whole;
}

std::string shown(const std::string& url) {
  std::string out = url;
  // postgresql://user:password@host
  const std::size_t scheme = out.find("://");
  const std::size_t at = scheme == std::string::npos ? scheme : out.find('@', scheme);
  if (at != std::string::npos && at < out.find('/', scheme + 3)) {
    const std::size_t colon = out.find(':', scheme + 3);
    if (colon < at) out.replace(colon + 1, at - colon - 1, hidden);
  }
  // password=... as a parameter or as a word, perhaps in quotes
  for (std::size_t key = out.find(password_key); key != std::string::npos;
       key = out.find(password_key, key + 1)) {
    const std::size_t begin = out.find_first_not_of(" =", key + password_key.size());
    if (begin == std::string::npos) break;
    const std::size_t end = out[begin] == '\'' ? out.find('\'', begin + 1) : out.find_first_of(" &", begin);
    out.replace(begin, end == std::string::npos ? end : end - begin + (out[begin] == '\'' ? 1 : 0), hidden);
  }
  return out;
}

Link::Link(const std::string& url, Purpose purpose, Watchdog& watchdog)
    : watchdog_(watchdog),
      hurried_(purpose != Purpose::setup),
      connection_(completed_url(url)),
      work_(connection_) {
  set_up(purpose);
}

void Link::set_up(Purpose purpose) {
  const Watchdog::Wait wait(watchdog_, socket());
  // A limit of the server's own a little below ours: a mere wait for a lock then costs no connection.
  const auto limit = purpose == Purpose::setup ? 0 : watchdog_.patience().count() * 8 / 10;
  std::string sql = fmt::format(
      "SELECT set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', false), "
      "set_config('bytea_output', 'hex', false), set_config('jit', 'off', false), "
      "set_config('standard_conforming_strings', 'on', false), "
      "set_config('statement_timeout', '{}', false), "
      "CASE WHEN current_setting('synchronous_commit') = 'off' "
      "THEN set_config('synchronous_commit', 'on', false) END, "
      "(SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout')",
      limit);
  // All access is by key: one plan fits every size of batch, and every size of table that is to come.
  if (purpose == Purpose::journal)
    sql += fmt::format(
        ", set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', "
        "false), "
        "set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false), "
        "pg_try_advisory_lock_shared({})",
        serving_lock);
  work_.exec(sql);
}

void Link::expect_open() const {
  if (!connection_.is_open()) throw pqxx::broken_connection("connection lost");
}

pqxx::result Link::exec(const std::string& sql) {
  expect_open();
  std::optional<Watchdog::Wait> wait;
  if (hurried_) wait.emplace(watchdog_, socket());
  return work_.exec(sql);
}

pqxx::result Link::run(const std::string& name, const Params& params) {
  expect_open();
  const Watchdog::Wait wait(watchdog_, socket());
  return work_.exec_prepared(name, pqxx::prepare::make_dynamic_params(params.values()));
}

pqxx::result Link::ask(const std::string& sql, const std::vector<std::string>& params) {
  expect_open();
  std::optional<Watchdog::Wait> wait;
  if (hurried_) wait.emplace(watchdog_, socket());
  return work_.exec_params(sql, pqxx::prepare::make_dynamic_params(params));
}

bool Link::alive() {
  try {
    // The first read may bring the server's last words, and only the next one the end.
    pollfd watched{socket(), POLLIN, 0};
    do {
      connection_.get_notifs();
    } while (connection_.is_open() && ::poll(&watched, 1, 0) > 0);
  } catch (const pqxx::broken_connection&) {
    return false;
  }
  return connection_.is_open();
}

}  // namespace rollcall::storage
