// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "batch_writer.hpp"
#include "shard_journal.hpp"
#include "wake_up.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/metrics.hpp>
#include <rollcall/engine/mailbox.hpp>

namespace rollcall::storage {

/// Writes what some shards submit: a thread with a connection. Whatever waits while a batch is being
/// committed goes together in the next one, whichever shard it comes from.
///
/// When the database goes away, the shards are told. The thread reconnects, finds out whether the
/// batch in doubt was committed, and opens the shards' journals again.
class Scribe {
 public:
  /// Connects; without success it begins with the database away.
  Scribe(BatchWriter writer, std::int32_t number);
  ~Scribe();
  Scribe(const Scribe&) = delete;
  Scribe& operator=(const Scribe&) = delete;

  /// A journal for one more shard, see Database::make_journal(). Any thread.
  engine::Journal& add_shard(engine::Mailbox& mailbox, base::MetricCells& cells);

  /// Tells the thread to commit what waits and to end. Any thread; join() waits for it.
  void stop();
  void join();

 private:
  void run();
  bool work();
  std::vector<Submitted> take(bool ending);
  void reconnect();
  void wait_for_work();
  void commit(std::span<Submitted> entries);
  std::optional<Trouble> commit_chunk(std::span<Submitted> chunk);
  std::optional<Trouble> write(std::span<const Submitted> chunk);
  void begin_absence(const Trouble& trouble);
  void post();
  void close(const Trouble& trouble);
  void open();
  std::int64_t take_commits() { return std::exchange(commits_, 0); }

  const std::int32_t number_;
  std::shared_ptr<WakeUp> wake_up_ = std::make_shared<WakeUp>();
  std::mutex mutex_;  // guards the two that follow: shards are added while the thread runs
  std::vector<std::shared_ptr<ShardJournal>> shards_;
  bool open_ = false;
  // The scribe's thread:
  BatchWriter writer_;
  std::int64_t commits_ = 0;  // not yet counted by a shard
  std::vector<Submitted> in_doubt_;
  std::uint64_t batch_in_doubt_ = 0;
  base::Instant lost_at_{};
  std::chrono::milliseconds backoff_{};
  bool replaced_ = false;  // by a newer run: said once in the log

  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace rollcall::storage
