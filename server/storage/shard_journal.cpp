// SPDX-License-Identifier: Apache-2.0
#include "shard_journal.hpp"

#include <utility>

namespace rollcall::storage {

using engine::JournalEntry;
using engine::Verdict;

namespace {

Verdict away(std::uint64_t ticket) {
  return {ticket, base::unavailable("the database is away"), {}, false};
}

}  // namespace

ShardJournal::ShardJournal(engine::Mailbox& mailbox, base::MetricCells& cells, std::shared_ptr<WakeUp> scribe,
                           bool available)
    : mailbox_(mailbox), scribe_(std::move(scribe)), cells_(cells) {
  // No other thread uses the shard's side yet.
  set_available(available);
}

void ShardJournal::submit(JournalEntry entry) {
  if (available_) {
    // Not before the shard has been through all that came in with this request: one entry must not
    // have a commit of its own while the rest of its batch waits.
    if (inbox_.push(std::move(entry))) mailbox_.post([scribe = scribe_] { scribe->ring(); });
    return;
  }
  // Through the mailbox like every verdict: never while submit() is still running.
  mailbox_.post([self = shared_from_this(), ticket = entry.ticket] {
    std::vector<Verdict> verdicts;
    verdicts.push_back(away(ticket));
    self->hand_over(std::move(verdicts), 0);
  });
}

void ShardJournal::hand_over(std::vector<Verdict> verdicts, std::int64_t commits) {
  std::int64_t changes = 0, failures = 0;
  for (const Verdict& verdict : verdicts) {
    changes += static_cast<std::int64_t>(verdict.changes.size());
    failures += verdict.result ? 0 : 1;
  }
  cells_.add(base::Metric::commits, commits);
  cells_.add(base::Metric::changes_committed, changes);
  cells_.add(base::Metric::commit_failures, failures);
  if (!verdicts.empty() && listener_) listener_(std::move(verdicts));
}

void ShardJournal::set_available(bool available) {
  available_ = available;
  cells_.set(base::Metric::database_up, available ? 1 : 0);
}

// What was submitted until this moment; the scribe keeps its hands off it.
void ShardJournal::fail_waiting() {
  std::vector<Verdict> failed;
  inbox_.take([&](JournalEntry&& entry) { failed.push_back(away(entry.ticket)); });
  hand_over(std::move(failed), 0);
}

void ShardJournal::take(std::vector<Submitted>& entries, bool all) {
  if (seen_open_ != opening_ && !all) return;
  inbox_.take([&](JournalEntry&& entry) { entries.push_back({this, std::move(entry)}); });
}

void ShardJournal::post(std::int64_t commits) {
  mailbox_.post([self = shared_from_this(), verdicts = std::exchange(verdicts_, {}), commits]() mutable {
    self->hand_over(std::move(verdicts), commits);
  });
}

void ShardJournal::close(std::int64_t commits) {
  mailbox_.post([self = shared_from_this(), verdicts = std::exchange(verdicts_, {}), commits]() mutable {
    self->set_available(false);
    self->hand_over(std::move(verdicts), commits);
    self->fail_waiting();
  });
}

void ShardJournal::open(std::int64_t commits) {
  mailbox_.post([self = shared_from_this(), verdicts = std::exchange(verdicts_, {}), commits,
                 opening = ++opening_]() mutable {
    self->hand_over(std::move(verdicts), commits);
    self->set_available(true);
    self->seen_open_ = opening;
    self->scribe_->ring();
  });
}

}  // namespace rollcall::storage
