// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rollcall/engine/journal.hpp>

namespace rollcall::storage {

class ShardJournal;

/// An entry on its way into a batch, and who wants to know what becomes of it.
struct Submitted {
  ShardJournal* shard = nullptr;
  engine::JournalEntry entry;
};

}  // namespace rollcall::storage
