// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "batch_writer.hpp"
#include "inbox.hpp"
#include "wake_up.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <rollcall/base/metrics.hpp>
#include <rollcall/engine/journal.hpp>
#include <rollcall/engine/mailbox.hpp>

namespace rollcall::storage {

/// The batched writer of one shard: a thread with a connection. Whatever waits while a batch is
/// being committed goes together in the next one.
///
/// When the database goes away, a task tells the shard: from then on available() is false and
/// submit() fails by itself, on the shard's thread. The thread here reconnects, finds out whether
/// the batch in doubt was committed, and sends a task that hands over the late verdicts and then
/// opens the journal again. So the shard sees both moments in order with its verdicts.
class ShardJournal final : public engine::Journal {
 public:
  /// Connects; without success it begins unavailable.
  ShardJournal(BatchWriter writer, std::int32_t shard, engine::Mailbox& mailbox, base::MetricCells& cells);
  ~ShardJournal() override;

  void set_listener(Listener listener) override { side_->listener = std::move(listener); }
  void submit(engine::JournalEntry entry) override;
  [[nodiscard]] bool available() const override { return side_->available; }

  /// Tells the thread to commit what waits and to end. Any thread; join() waits for it.
  void stop();
  void join();

 private:
  // What belongs to the shard's thread. Shared with the tasks that are posted there, since those may
  // run when the journal is gone.
  struct ShardSide {
    explicit ShardSide(base::MetricCells& cells) : cells(cells) {}
    Inbox inbox;
    Listener listener;
    base::MetricCells& cells;
    bool available = false;
    std::atomic<std::uint64_t> opened = 0;  // which opening the shard has seen; read by the journal's thread
    WakeUp wake_up;

    void hand_over(std::vector<engine::Verdict> verdicts, std::int64_t commits);
    void set_available(bool now_available);
  };

  void run();
  bool work();
  void reconnect();
  void wait_for_work();
  void commit(std::vector<engine::JournalEntry> entries);
  std::optional<Trouble> commit_chunk(std::span<engine::JournalEntry> chunk,
                                      std::vector<engine::Verdict>& verdicts);
  std::optional<Trouble> write(std::span<const engine::JournalEntry> chunk);
  void begin_absence(const Trouble& trouble);
  void close(const Trouble& trouble, std::vector<engine::Verdict> verdicts);
  void open();
  void post(std::vector<engine::Verdict> verdicts);

  BatchWriter writer_;
  const std::int32_t shard_;
  engine::Mailbox& mailbox_;
  std::shared_ptr<ShardSide> side_;
  // The journal's thread:
  std::uint64_t opening_ = 0;
  std::int64_t commits_ = 0;  // not yet counted in the cells
  std::vector<engine::JournalEntry> in_doubt_;
  std::uint64_t batch_in_doubt_ = 0;
  base::Instant lost_at_{};
  std::chrono::milliseconds backoff_{};
  bool replaced_ = false;  // by a newer run: said once in the log

  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace rollcall::storage
