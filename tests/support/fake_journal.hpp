// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <rollcall/engine/journal.hpp>

namespace rollcall::tests {

/// A journal without a database. Commits at once, or, when held, when the test says so; fails when
/// told to.
class FakeJournal final : public engine::Journal {
 public:
  void set_listener(Listener listener) override { listener_ = std::move(listener); }
  [[nodiscard]] bool available() const override { return available_; }

  void submit(engine::JournalEntry entry) override {
    ++submitted_;
    waiting_.push_back(std::move(entry));
    if (!held_) commit();
  }

  /// Entries wait for commit() from now on.
  void hold() { held_ = true; }
  /// What waits is committed, and what comes later at once.
  void release() {
    held_ = false;
    commit();
  }
  /// Commits what waits as one transaction.
  void commit() { decide(base::Done{}); }
  /// What waits is not kept.
  void fail(base::Error error = base::unavailable("the database went away")) { decide(std::move(error)); }
  /// The n-th commit from now fails (1: the next one).
  void fail_nth(std::size_t n) { fails_in_ = n; }
  /// The database goes away, or is back.
  void set_available(bool available) { available_ = available; }
  /// An entry that was called failed turns out to be committed (see engine::Verdict::late).
  void commit_late(engine::JournalEntry entry) {
    std::vector<engine::Verdict> verdicts;
    verdicts.push_back({entry.ticket, base::Done{}, std::move(entry.changes), true});
    listener_(std::move(verdicts));
  }

  [[nodiscard]] const std::vector<engine::JournalEntry>& waiting() const { return waiting_; }
  [[nodiscard]] std::size_t submitted() const { return submitted_; }
  [[nodiscard]] const model::Changes& committed() const { return committed_; }

 private:
  void decide(base::Result<> result) {
    if (waiting_.empty()) return;
    if (fails_in_ > 0 && --fails_in_ == 0) result = base::unavailable("the database went away");
    std::vector<engine::Verdict> verdicts;
    for (engine::JournalEntry& entry : std::exchange(waiting_, {})) {
      if (result) committed_.insert(committed_.end(), entry.changes.begin(), entry.changes.end());
      verdicts.push_back({entry.ticket, result, std::move(entry.changes), false});
    }
    listener_(std::move(verdicts));
  }

  Listener listener_;
  std::vector<engine::JournalEntry> waiting_;
  model::Changes committed_;
  std::size_t submitted_ = 0;
  std::size_t fails_in_ = 0;
  bool held_ = false;
  bool available_ = true;
};

}  // namespace rollcall::tests
