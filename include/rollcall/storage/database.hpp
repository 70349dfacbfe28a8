// SPDX-License-Identifier: Apache-2.0
// The database as the rest of the server sees it: opened once, read at start, written through
// journals, asked through readers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/metrics.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/engine/journal.hpp>
#include <rollcall/engine/mailbox.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/model/change.hpp>

namespace rollcall::storage {

struct Settings {
  /// Where PostgreSQL is: "postgresql://user@host/name" or "host=... dbname=...". "": a private
  /// cluster of our own in data_folder.
  std::string url;
  std::filesystem::path data_folder;
  /// The folder of initdb and postgres, for the private cluster; "": look for it.
  std::filesystem::path postgres_folder;
  /// Connections that answer questions.
  int readers = 2;
  /// A statement without an answer for this long counts as a lost connection.
  std::chrono::milliseconds answer_within{10'000};
  /// How long to wait for the database at start.
  std::chrono::milliseconds start_within{60'000};
  /// True: a command that works while no server runs. It starts no new run, and is refused with
  /// conflict while a server uses the database. A server that starts meanwhile waits for it.
  bool tool = false;
};

/// What load() read, for the log line at start.
struct Loaded {
  std::int64_t domains = 0, users = 0, devices = 0, bindings = 0, publications = 0, subscriptions = 0,
               waiting = 0, documents = 0, messages = 0;
  std::int64_t expired = 0;  // rows deleted instead
};

/// Where load() puts what it reads.
struct LoadTarget {
  std::size_t shards = 1;
  /// Which shard owns the user with this AOR. Called on the thread that loads.
  std::function<std::size_t(std::string_view aor)> owner;
  /// Takes one row. For each shard on a thread of its own, in the order that load() names; a domain is
  /// for every shard.
  std::function<void(std::size_t shard, model::Change&& change)> apply;
};

/// Owns everything that speaks to PostgreSQL. open(), load(), make_journal() and stop() are called
/// on one thread; it must outlive the shards that use its journals.
class Database {
 public:
  /// Starts the private cluster if that is asked for, connects, brings the schema up to date, and
  /// counts the run. Errors: unavailable (cannot be reached or started), conflict (the data folder
  /// is in use, the schema was edited or is newer, a server uses the database), internal.
  static base::Result<std::unique_ptr<Database>> open(Settings settings);

  /// Stops.
  virtual ~Database() = default;

  /// Counts the starts of the server on this database.
  [[nodiscard]] virtual std::uint64_t run() const = 0;
  /// 64 hexadecimal digits, made once for this database.
  [[nodiscard]] virtual const std::string& secret() const = 0;
  /// What to give to psql to look into the database; passwords are hidden.
  [[nodiscard]] virtual std::string shown_url() const = 0;

  /// Hands every row over as a Save change: domains, users, devices, bindings, publications,
  /// subscriptions, waiting watchers, documents (of model::usages_in_memory), messages (of these only what
  /// memory needs: no body, no headers, no From, To and content type). Rows that have
  /// expired by `now` are deleted instead. When it returns all calls have been made.
  virtual base::Result<Loaded> load(base::Instant now, const LoadTarget& target) = 0;
  /// The same with everything in one place.
  base::Result<Loaded> load(base::Instant now, const std::function<void(model::Change&&)>& sink) {
    return load(now, LoadTarget{1, [](std::string_view) { return std::size_t{0}; },
                                [&](std::size_t, model::Change&& change) { sink(std::move(change)); }});
  }

  /// The journal of one shard: the first call makes that of shard 0, and so on. Its verdicts go
  /// through the mailbox, which must outlive stop(), and are counted in the cells, both on the shard's
  /// thread. Lives as long as the database object, its thread until stop().
  virtual engine::Journal& make_journal(engine::Mailbox& mailbox, base::MetricCells& cells) = 0;

  [[nodiscard]] virtual engine::Readers& readers() = 0;

  /// Commits what was submitted, drops waiting questions, ends all threads and then the private
  /// cluster. Takes a few seconds at most, even with a database that hangs. Verdicts of the last
  /// commits are in the mailboxes when it returns. A second call does nothing.
  virtual void stop() = 0;
};

}  // namespace rollcall::storage
