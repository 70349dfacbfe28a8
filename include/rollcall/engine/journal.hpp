// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/base/task.hpp>
#include <rollcall/model/change.hpp>

namespace rollcall::engine {

/// What belongs together: all of it is committed, or none.
struct JournalEntry {
  std::uint64_t ticket = 0;
  model::Changes changes;
};

/// What became of an entry.
struct Verdict {
  std::uint64_t ticket = 0;
  base::Result<> result = base::Done{};
  model::Changes changes;  // given back when committed, to be applied to memory
  /// The connection broke during the commit and the entry was called failed; after reconnecting it
  /// turned out to be committed. Comes before any verdict on entries submitted later.
  bool late = false;
};

/// The way to the database for one shard; storage implements it. submit() and available() belong to
/// the shard's thread. Entries are committed in the order submitted, those that wait while a commit
/// is under way together in the next one. Verdicts come in the same order, through the shard's
/// mailbox.
class Journal {
 public:
  virtual ~Journal() = default;

  /// Called on the shard's thread with the verdicts of one commit. Set once, before the first submit.
  using Listener = std::function<void(std::vector<Verdict>)>;
  virtual void set_listener(Listener listener) = 0;

  /// Never blocks. An entry submitted while the database is away fails at once, with unavailable.
  virtual void submit(JournalEntry entry) = 0;

  /// False from the moment that a commit failed for want of the database until it is back.
  [[nodiscard]] virtual bool available() const = 0;
};

}  // namespace rollcall::engine
