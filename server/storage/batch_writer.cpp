// SPDX-License-Identifier: Apache-2.0
#include "batch_writer.hpp"

#include <vector>

#include <fmt/format.h>

namespace rollcall::storage {

namespace {

// A change that contradicts what the database holds.
struct Conflict {
  std::string detail;
};

struct Fenced {};

constexpr char take_mark_sql[] =
    "INSERT INTO journal (number, run, link, batch) VALUES ($1::integer, $2::bigint, 1, 0) "
    "ON CONFLICT (number) DO UPDATE SET run = excluded.run, link = journal.link + 1 "
    "WHERE journal.run <= excluded.run RETURNING link, batch";

constexpr char users_left_sql[] =
    "SELECT domain FROM users WHERE domain = ANY ($1::text[]) ORDER BY domain LIMIT 1";

// Runs work, and says what went wrong.
template <class F>
std::optional<Trouble> attempt(F work) {
  try {
    work();
    return std::nullopt;
  } catch (const Conflict& conflict) {
    return Trouble{Trouble::Kind::refused, {base::ErrorCode::conflict, conflict.detail}};
  } catch (const Fenced&) {
    return Trouble{Trouble::Kind::fenced, base::unavailable("another server has taken over the database")};
  } catch (...) {
    return trouble_in_flight();
  }
}

}  // namespace

std::optional<Trouble> BatchWriter::connect() {
  link_.reset();
  prepared_ = {};
  return attempt([this] {
    link_ = std::make_unique<Link>(url_, Link::Purpose::journal, watchdog_);
    take_mark();
  });
}

void BatchWriter::take_mark() {
  link_->prepare("take_mark", take_mark_sql);
  link_->prepare("users_left", users_left_sql);
  Params params;
  params.add_integer(journal_);
  params.add_bigint(run_);
  const pqxx::result mark = link_->run("take_mark", params);
  if (mark.empty()) throw Fenced();
  link_number_ = mark[0][0].as<std::uint64_t>();
  committed_ = mark[0][1].as<std::uint64_t>();
  batch_ = std::max(batch_, committed_);
}

std::optional<Trouble> BatchWriter::write(std::span<const Submitted> entries) {
  const std::vector<Run> runs = runs_of(entries);
  ++batch_;
  auto trouble = attempt([&] {
    // A statement alone is a transaction by itself and costs one round trip.
    if (runs.size() == 1 && runs[0].kind() != Run::Kind::domains) {
      execute(runs[0]);
    } else if (!runs.empty()) {
      write_together(runs);
    }
  });
  if (!trouble) committed_ = batch_;
  return trouble;
}

void BatchWriter::write_together(std::span<const Run> runs) {
  link_->exec("BEGIN");
  try {
    for (const Run& run : runs) {
      if (run.kind() == Run::Kind::domains) refuse_domains_with_users(run);
      execute(run);
    }
  } catch (...) {
    if (link_->is_open()) link_->exec("ROLLBACK");
    throw;
  }
  link_->exec("COMMIT");
}

void BatchWriter::refuse_domains_with_users(const Run& run) {
  Params params;
  params.add(run.removed());
  const pqxx::result left = link_->run("users_left", params);
  if (!left.empty()) throw Conflict{fmt::format("domain {} still has users", left[0][0].as<std::string>())};
}

void BatchWriter::execute(const Run& run) {
  const auto [parts, is_new] = prepared_.choose(run.parts());
  const std::string name = fmt::format("write_{:x}", parts);
  if (is_new) link_->prepare(name, statement_for(parts));
  Params params;
  params.add_integer(journal_);
  params.add_bigint(run_);
  params.add_bigint(link_number_);
  params.add_bigint(batch_);
  run.write(parts, params);
  link_->run(name, params);
}

}  // namespace rollcall::storage
