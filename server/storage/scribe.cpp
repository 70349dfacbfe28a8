// SPDX-License-Identifier: Apache-2.0
#include "scribe.hpp"

#include <algorithm>
#include <utility>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/log.hpp>

namespace rollcall::storage {

using base::kv;
using engine::Verdict;

namespace {

constexpr base::Log log{"storage"};

constexpr std::chrono::milliseconds first_backoff{100};
constexpr std::chrono::milliseconds longest_backoff{2'000};
constexpr int attempts_after_rollback = 10;

// What one transaction may hold: beyond it nothing is gained, and a parameter has an end (1 GB).
constexpr std::size_t most_entries = 4'096;
constexpr std::size_t most_bytes = 8 << 20;

std::size_t weight(const engine::JournalEntry& entry) {
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
std::size_t chunk_size(std::span<const Submitted> entries) {
  std::size_t count = 0, bytes = 0;
  while (count < entries.size() && count < most_entries && bytes < most_bytes)
    bytes += weight(entries[count++].entry);
  return count;
}

void fail_all(std::span<const Submitted> entries, const base::Error& error) {
  for (const Submitted& submitted : entries)
    submitted.shard->add({submitted.entry.ticket, error, {}, false});
}

void pass_all(std::span<Submitted> entries, bool late) {
  for (Submitted& submitted : entries)
    submitted.shard->add({submitted.entry.ticket, base::Done{}, std::move(submitted.entry.changes), late});
}

}  // namespace

Scribe::Scribe(BatchWriter writer, std::int32_t number) : number_(number), writer_(std::move(writer)) {
  const auto trouble = writer_.connect();
  if (trouble) begin_absence(*trouble);
  open_ = !trouble;
  thread_ = std::thread([this] { run(); });
}

Scribe::~Scribe() {
  stop();
  join();
}

engine::Journal& Scribe::add_shard(engine::Mailbox& mailbox, base::MetricCells& cells) {
  const std::lock_guard lock(mutex_);
  return *shards_.emplace_back(std::make_shared<ShardJournal>(mailbox, cells, wake_up_, open_));
}

void Scribe::stop() {
  stopping_ = true;
  wake_up_->ring();
}

void Scribe::join() {
  if (thread_.joinable()) thread_.join();
}

void Scribe::run() {
  while (work()) {
  }
}

// One step; false when it is over.
bool Scribe::work() {
  const bool ending = stopping_;
  std::vector<Submitted> entries = take(ending);
  if (!entries.empty() && writer_.connected()) {
    commit(entries);
  } else if (ending) {
    fail_all(entries, base::unavailable("the database is away"));
    post();
    return false;
  } else if (writer_.connected()) {
    wait_for_work();
  } else {
    reconnect();
  }
  return true;
}

std::vector<Submitted> Scribe::take(bool ending) {
  std::vector<Submitted> entries;
  if (!writer_.connected() && !ending) return entries;
  const std::lock_guard lock(mutex_);
  for (const auto& shard : shards_)
    shard->take(entries, ending);
  return entries;
}

void Scribe::wait_for_work() {
  if (!wake_up_->wait(writer_.socket(), std::nullopt) || writer_.alive()) return;
  // Nothing was under way: when the database is there at once, nobody needs to know.
  if (const auto trouble = writer_.connect()) close(*trouble);
}

void Scribe::commit(std::span<Submitted> entries) {
  while (!entries.empty()) {
    const auto chunk = entries.first(chunk_size(entries));
    entries = entries.subspan(chunk.size());
    if (const auto trouble = commit_chunk(chunk)) {
      fail_all(entries, trouble->error);
      return close(*trouble);
    }
    post();
  }
}

// Adds the verdicts of all entries of the chunk. Trouble: the connection cannot be used any more.
std::optional<Trouble> Scribe::commit_chunk(std::span<Submitted> chunk) {
  auto trouble = write(chunk);
  if (!trouble) {
    pass_all(chunk, false);
    return std::nullopt;
  }
  const bool splits = trouble->kind == Trouble::Kind::refused && chunk.size() > 1;
  if (splits) {
    // One entry spoils it for the others: halve until it stands alone.
    const auto first = chunk.first(chunk.size() / 2), second = chunk.subspan(first.size());
    auto stopped = commit_chunk(first);
    if (!stopped) return commit_chunk(second);
    fail_all(second, stopped->error);
    return stopped;
  }
  fail_all(chunk, trouble->error);
  if (trouble->kind == Trouble::Kind::refused || trouble->kind == Trouble::Kind::again) return std::nullopt;
  if (trouble->kind == Trouble::Kind::lost) {
    batch_in_doubt_ = writer_.last_written();
    std::ranges::move(chunk, std::back_inserter(in_doubt_));
  }
  return trouble;
}

std::optional<Trouble> Scribe::write(std::span<const Submitted> chunk) {
  auto trouble = writer_.write(chunk);
  for (int i = 1; trouble && trouble->kind == Trouble::Kind::again && i < attempts_after_rollback; ++i)
    trouble = writer_.write(chunk);
  if (!trouble) ++commits_;
  const bool refused = trouble && trouble->kind == Trouble::Kind::refused && chunk.size() == 1;
  // A conflict or a size is the asker's affair; anything else is ours.
  if (refused && (trouble->error.code == base::ErrorCode::internal ||
                  trouble->error.code == base::ErrorCode::unavailable))
    log.error("change_refused", kv("journal", number_), kv("reason", trouble->error.detail));
  return trouble;
}

void Scribe::begin_absence(const Trouble& trouble) {
  log.error("database_lost", kv("journal", number_), kv("reason", trouble.error.detail));
  writer_.disconnect();
  lost_at_ = base::now();
  backoff_ = first_backoff;
}

void Scribe::post() {
  const std::lock_guard lock(mutex_);
  for (const auto& shard : shards_)
    if (shard->has_verdicts()) shard->post(take_commits());
}

void Scribe::close(const Trouble& trouble) {
  begin_absence(trouble);
  const std::lock_guard lock(mutex_);
  open_ = false;
  for (const auto& shard : shards_)
    shard->close(take_commits());
}

void Scribe::reconnect() {
  const auto deadline = std::chrono::steady_clock::now() + backoff_;
  while (!stopping_ && std::chrono::steady_clock::now() < deadline)
    wake_up_->wait(-1,
                   std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()));
  backoff_ = std::min(backoff_ * 2, longest_backoff);
  if (stopping_) return;
  const auto trouble = writer_.connect();
  if (!trouble) return open();
  writer_.disconnect();
  if (trouble->kind == Trouble::Kind::fenced && !std::exchange(replaced_, true))
    log.error("database_taken_over", kv("journal", number_), kv("reason", trouble->error.detail));
}

void Scribe::open() {
  const bool committed = !in_doubt_.empty() && writer_.last_committed() == batch_in_doubt_;
  log.info("database_back", kv("journal", number_), kv("late", committed ? in_doubt_.size() : 0),
           kv("seconds", std::chrono::duration<double>(base::now() - lost_at_).count()));
  if (committed) {
    pass_all(in_doubt_, true);
    ++commits_;
  }
  in_doubt_.clear();
  const std::lock_guard lock(mutex_);
  open_ = true;
  for (const auto& shard : shards_)
    shard->open(take_commits());
}

}  // namespace rollcall::storage
