// SPDX-License-Identifier: Apache-2.0
#include "journal.hpp"

#include <algorithm>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/log.hpp>

namespace rollcall::storage {

using base::kv;
using engine::JournalEntry;
using engine::Verdict;

namespace {

constexpr base::Log log{"storage"};

constexpr std::chrono::milliseconds first_backoff{100};
constexpr std::chrono::milliseconds longest_backoff{2'000};
constexpr int attempts_after_rollback = 10;

// What one transaction may hold: beyond it nothing is gained, and a parameter has an end (1 GB).
constexpr std::size_t most_entries = 4'096;
constexpr std::size_t most_bytes = 8 << 20;

std::size_t weight(const JournalEntry& entry) {
  std::size_t bytes = 0;
  for (const model::Change& change : entry.changes) {
    bytes += 512;
    if (const auto* publication = std::get_if<model::SavePublication>(&change))
      bytes += publication->publication.body.size();
    if (const auto* message = std::get_if<model::SaveMessage>(&change)) bytes += message->message.body.size();
  }
  return bytes;
}

// How many of the entries go into the next transaction: one at least.
std::size_t chunk_size(std::span<const JournalEntry> entries) {
  std::size_t count = 0, bytes = 0;
  while (count < entries.size() && count < most_entries && bytes < most_bytes)
    bytes += weight(entries[count++]);
  return count;
}

void fail_all(std::span<const JournalEntry> entries, const base::Error& error,
              std::vector<Verdict>& verdicts) {
  for (const JournalEntry& entry : entries)
    verdicts.push_back({entry.ticket, error, {}, false});
}

const base::Error& away() {
  static const base::Error error = base::unavailable("the database is away");
  return error;
}

}  // namespace

void ShardJournal::ShardSide::hand_over(std::vector<Verdict> verdicts, std::int64_t commits) {
  std::int64_t changes = 0, failures = 0;
  for (const Verdict& verdict : verdicts) {
    changes += static_cast<std::int64_t>(verdict.changes.size());
    failures += verdict.result ? 0 : 1;
  }
  cells.add(base::Metric::commits, commits);
  cells.add(base::Metric::changes_committed, changes);
  cells.add(base::Metric::commit_failures, failures);
  if (!verdicts.empty() && listener) listener(std::move(verdicts));
}

void ShardJournal::ShardSide::set_available(bool now_available) {
  available = now_available;
  cells.set(base::Metric::database_up, now_available ? 1 : 0);
}

ShardJournal::ShardJournal(BatchWriter writer, std::int32_t shard, engine::Mailbox& mailbox,
                           base::MetricCells& cells)
    : writer_(std::move(writer)),
      shard_(shard),
      mailbox_(mailbox),
      side_(std::make_shared<ShardSide>(cells)) {
  if (const auto trouble = writer_.connect()) begin_absence(*trouble);
  // No other thread uses the shard's side yet.
  side_->set_available(writer_.connected());
  thread_ = std::thread([this] { run(); });
}

ShardJournal::~ShardJournal() {
  stop();
  join();
}

void ShardJournal::stop() {
  stopping_ = true;
  side_->wake_up.ring();
}

void ShardJournal::join() {
  if (thread_.joinable()) thread_.join();
}

void ShardJournal::submit(JournalEntry entry) {
  if (side_->available) {
    if (side_->inbox.push(std::move(entry))) side_->wake_up.ring();
    return;
  }
  // Through the mailbox like every verdict: never while submit() is still running.
  mailbox_.post([side = side_, ticket = entry.ticket] {
    std::vector<Verdict> verdicts;
    verdicts.push_back({ticket, away(), {}, false});
    side->hand_over(std::move(verdicts), 0);
  });
}

void ShardJournal::post(std::vector<Verdict> verdicts) {
  mailbox_.post(
      [side = side_, verdicts = std::move(verdicts), commits = std::exchange(commits_, 0)]() mutable {
        side->hand_over(std::move(verdicts), commits);
      });
}

void ShardJournal::run() {
  while (work()) {
  }
}

// One step; false when it is over.
bool ShardJournal::work() {
  const bool ending = stopping_;
  // Until the shard has seen the journal open, what lies in the inbox is being failed there.
  const bool open = writer_.connected() && side_->opened == opening_;
  std::vector<JournalEntry> entries;
  if (open || ending) entries = side_->inbox.take();
  if (!entries.empty() && writer_.connected()) {
    commit(std::move(entries));
  } else if (ending) {
    std::vector<Verdict> verdicts;
    fail_all(entries, away(), verdicts);
    if (!verdicts.empty()) post(std::move(verdicts));
    return false;
  } else if (writer_.connected()) {
    wait_for_work();
  } else {
    reconnect();
  }
  return true;
}

void ShardJournal::wait_for_work() {
  if (!side_->wake_up.wait(writer_.socket(), std::nullopt) || writer_.alive()) return;
  // Nothing was under way: when the database is there at once, nobody needs to know.
  if (const auto trouble = writer_.connect()) close(*trouble, {});
}

void ShardJournal::commit(std::vector<JournalEntry> entries) {
  std::span<JournalEntry> rest = entries;
  while (!rest.empty()) {
    const auto chunk = rest.first(chunk_size(rest));
    rest = rest.subspan(chunk.size());
    std::vector<Verdict> verdicts;
    verdicts.reserve(chunk.size());
    const auto trouble = commit_chunk(chunk, verdicts);
    if (!trouble) {
      post(std::move(verdicts));
      continue;
    }
    fail_all(rest, trouble->error, verdicts);
    return close(*trouble, std::move(verdicts));
  }
}

// Appends the verdicts of all entries of the chunk. Trouble: the connection cannot be used any more.
std::optional<Trouble> ShardJournal::commit_chunk(std::span<JournalEntry> chunk,
                                                  std::vector<Verdict>& verdicts) {
  auto trouble = write(chunk);
  if (!trouble) {
    for (JournalEntry& entry : chunk)
      verdicts.push_back({entry.ticket, base::Done{}, std::move(entry.changes), false});
    return std::nullopt;
  }
  const bool splits = trouble->kind == Trouble::Kind::refused && chunk.size() > 1;
  if (splits) {
    // One entry spoils it for the others: halve until it stands alone.
    const auto first = chunk.first(chunk.size() / 2), second = chunk.subspan(first.size());
    auto stopped = commit_chunk(first, verdicts);
    if (!stopped) return commit_chunk(second, verdicts);
    fail_all(second, stopped->error, verdicts);
    return stopped;
  }
  fail_all(chunk, trouble->error, verdicts);
  if (trouble->kind == Trouble::Kind::refused || trouble->kind == Trouble::Kind::again) return std::nullopt;
  if (trouble->kind == Trouble::Kind::lost) {
    batch_in_doubt_ = writer_.last_written();
    std::ranges::move(chunk, std::back_inserter(in_doubt_));
  }
  return trouble;
}

std::optional<Trouble> ShardJournal::write(std::span<const JournalEntry> chunk) {
  auto trouble = writer_.write(chunk);
  for (int i = 1; trouble && trouble->kind == Trouble::Kind::again && i < attempts_after_rollback; ++i)
    trouble = writer_.write(chunk);
  if (!trouble) ++commits_;
  const bool refused = trouble && trouble->kind == Trouble::Kind::refused && chunk.size() == 1;
  // A conflict or a size is the asker's affair; anything else is ours.
  if (refused && (trouble->error.code == base::ErrorCode::internal ||
                  trouble->error.code == base::ErrorCode::unavailable))
    log.error("change_refused", kv("shard", shard_), kv("reason", trouble->error.detail));
  return trouble;
}

void ShardJournal::begin_absence(const Trouble& trouble) {
  log.error("database_lost", kv("shard", shard_), kv("reason", trouble.error.detail));
  writer_.disconnect();
  lost_at_ = base::now();
  backoff_ = first_backoff;
}

void ShardJournal::close(const Trouble& trouble, std::vector<Verdict> verdicts) {
  begin_absence(trouble);
  mailbox_.post(
      [side = side_, verdicts = std::move(verdicts), commits = std::exchange(commits_, 0)]() mutable {
        side->set_available(false);
        side->hand_over(std::move(verdicts), commits);
        // What was submitted until this moment; the journal's thread keeps its hands off it.
        const std::vector<JournalEntry> late = side->inbox.take();
        std::vector<Verdict> failed;
        fail_all(late, away(), failed);
        side->hand_over(std::move(failed), 0);
      });
}

void ShardJournal::reconnect() {
  const auto deadline = std::chrono::steady_clock::now() + backoff_;
  while (!stopping_ && std::chrono::steady_clock::now() < deadline)
    side_->wake_up.wait(
        -1, std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()));
  backoff_ = std::min(backoff_ * 2, longest_backoff);
  if (stopping_) return;
  const auto trouble = writer_.connect();
  if (!trouble) return open();
  writer_.disconnect();
  if (trouble->kind == Trouble::Kind::fenced && !std::exchange(replaced_, true))
    log.error("database_taken_over", kv("shard", shard_), kv("reason", trouble->error.detail));
}

void ShardJournal::open() {
  std::vector<Verdict> late;
  if (!in_doubt_.empty() && writer_.last_committed() == batch_in_doubt_) {
    for (JournalEntry& entry : in_doubt_)
      late.push_back({entry.ticket, base::Done{}, std::move(entry.changes), true});
    ++commits_;
  }
  log.info("database_back", kv("shard", shard_), kv("late", late.size()),
           kv("seconds", std::chrono::duration<double>(base::now() - lost_at_).count()));
  in_doubt_.clear();
  ++opening_;
  mailbox_.post([side = side_, late = std::move(late), opening = opening_,
                 commits = std::exchange(commits_, 0)]() mutable {
    side->hand_over(std::move(late), commits);
    side->set_available(true);
    side->opened = opening;
    side->wake_up.ring();
  });
}

}  // namespace rollcall::storage
