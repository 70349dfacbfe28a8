// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inbox.hpp"
#include "submitted.hpp"
#include "wake_up.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include <rollcall/base/metrics.hpp>
#include <rollcall/engine/journal.hpp>
#include <rollcall/engine/mailbox.hpp>

namespace rollcall::storage {

/// One shard's end of a journal: the way to its scribe and the verdicts' way back. Shared with the
/// tasks that are posted to the shard, since those may run when the scribe is gone.
///
/// When the database goes away, a task tells the shard: from then on available() is false and
/// submit() fails by itself, on the shard's thread. Another task, when it is back, hands over the
/// late verdicts and then opens the journal again. So the shard sees both moments in order with its
/// verdicts.
class ShardJournal final : public engine::Journal, public std::enable_shared_from_this<ShardJournal> {
 public:
  ShardJournal(engine::Mailbox& mailbox, base::MetricCells& cells, std::shared_ptr<WakeUp> scribe,
               bool available);

  // The shard's thread:
  void set_listener(Listener listener) override { listener_ = std::move(listener); }
  void submit(engine::JournalEntry entry) override;
  [[nodiscard]] bool available() const override { return available_; }

  // The scribe's thread:
  /// Appends what was submitted. Nothing until the shard has seen the journal open: what lies in the
  /// inbox is being failed there. `all`: even so, since the scribe ends.
  void take(std::vector<Submitted>& entries, bool all);
  /// To be handed over by the next post(), close() or open().
  void add(engine::Verdict verdict) { verdicts_.push_back(std::move(verdict)); }
  [[nodiscard]] bool has_verdicts() const { return !verdicts_.empty(); }
  void post(std::int64_t commits);
  void close(std::int64_t commits);
  void open(std::int64_t commits);

 private:
  void hand_over(std::vector<engine::Verdict> verdicts, std::int64_t commits);
  void set_available(bool available);
  void fail_waiting();

  engine::Mailbox& mailbox_;
  Inbox inbox_;
  std::shared_ptr<WakeUp> scribe_;
  std::atomic<std::uint64_t> seen_open_ = 0;  // which opening the shard has seen
  // The shard's thread:
  Listener listener_;
  base::MetricCells& cells_;
  bool available_ = false;
  // The scribe's thread:
  std::uint64_t opening_ = 0;
  std::vector<engine::Verdict> verdicts_;
};

}  // namespace rollcall::storage
