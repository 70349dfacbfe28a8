// SPDX-License-Identifier: Apache-2.0
// ceiling_upsert CONNECTION SECONDS [ROWS_A_BATCH]: how many rows a second one connection commits
// with batched unnest upserts into a table like that of the bindings. No durable REGISTER can do more.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace {

using Clock = std::chrono::steady_clock;
using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

constexpr int users = 10'000;

constexpr const char* make_table =
    "CREATE TABLE IF NOT EXISTS ceiling_binding (user_id bigint, id bigint, contact text, call_id text, cseq "
    "bigint, "
    "flow text, user_agent text, expires bigint, PRIMARY KEY (user_id, id))";

constexpr const char* upsert =
    "INSERT INTO ceiling_binding SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], "
    "$5::bigint[], "
    "$6::text[], $7::text[], $8::bigint[]) ON CONFLICT (user_id, id) DO UPDATE SET contact = "
    "excluded.contact, "
    "call_id = excluded.call_id, cseq = excluded.cseq, flow = excluded.flow, user_agent = "
    "excluded.user_agent, "
    "expires = excluded.expires";

void must(PGconn* connection, PGresult* result, ExecStatusType wanted) {
  const bool good = PQresultStatus(result) == wanted;
  PQclear(result);
  if (good) return;
  fmt::print(stderr, "ceiling_upsert: {}", PQerrorMessage(connection));
  std::exit(2);
}

std::string list(int first, int rows, const char* pattern) {
  std::string text = "{";
  for (int i = 0; i < rows; ++i) {
    if (i > 0) text += ',';
    text += fmt::format(fmt::runtime(pattern), (first + i) % users);
  }
  return text + "}";
}

void write_batch(PGconn* connection, int first, int rows) {
  const std::string columns[] = {list(first, rows, "{}"),
                                 list(first, rows, "1"),
                                 list(first, rows, "\"sip:u{}@127.0.0.1:40000\""),
                                 list(first, rows, "\"r{}@load\""),
                                 list(first, rows, "{}"),
                                 list(first, rows, "\"udp 127.0.0.1:5060 127.0.0.1:40000\""),
                                 list(first, rows, "\"sip_load\""),
                                 list(first, rows, "1700000000")};
  const char* values[8];
  for (int i = 0; i < 8; ++i)
    values[i] = columns[i].c_str();
  must(connection, PQexecPrepared(connection, "upsert", 8, values, nullptr, nullptr, 0), PGRES_COMMAND_OK);
}

double median(std::vector<double>& numbers) {
  if (numbers.empty()) return 0;
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return *middle;
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    fmt::print(stderr, "usage: ceiling_upsert CONNECTION SECONDS [ROWS_A_BATCH]\n");
    return 2;
  }
  const auto seconds = std::min(60, std::atoi(words[2]));
  const auto rows = count > 3 ? std::min(10'000, std::atoi(words[3])) : 50;
  const Connection connection(PQconnectdb(words[1]), &PQfinish);
  must(connection.get(), PQexec(connection.get(), "SET client_min_messages = warning"), PGRES_COMMAND_OK);
  must(connection.get(), PQexec(connection.get(), make_table), PGRES_COMMAND_OK);
  must(connection.get(), PQprepare(connection.get(), "upsert", upsert, 8, nullptr), PGRES_COMMAND_OK);
  std::uint64_t written = 0;
  std::vector<double> milliseconds;  // of each commit
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  for (auto before = Clock::now(); before < end;) {
    write_batch(connection.get(), static_cast<int>(written % users), rows);
    written += static_cast<std::uint64_t>(rows);
    const auto after = Clock::now();
    milliseconds.push_back(std::chrono::duration<double, std::milli>(after - before).count());
    before = after;
  }
  must(connection.get(), PQexec(connection.get(), "DROP TABLE ceiling_binding"), PGRES_COMMAND_OK);
  fmt::print("{{\"ceiling\": \"upsert\", \"rows_a_batch\": {}, \"rate\": {:.0f}, \"p50_ms\": {:.3f}}}\n",
             rows, static_cast<double>(written) / seconds, median(milliseconds));
  return 0;
}
