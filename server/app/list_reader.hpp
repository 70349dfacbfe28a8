// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rollcall/engine/readers.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/presence/agent.hpp>
#include <rollcall/presence/lists.hpp>

namespace rollcall::app {

/// Lists for the agent of a shard, out of the documents in the database. Documents are read and lists made on
/// a reader's thread, so that the shard does not wait. Both outlive the function.
presence::ReadList list_reader(engine::Shard& shard, engine::Readers& readers);

/// Who is on the lists that presence rules name (OMA's external-list), out of the documents of the rules'
/// owner and the global ones. Read on a reader's thread, so that the shard does not wait. Both outlive the
/// function.
presence::Agent::ReadLists rule_lists(engine::Shard& shard, engine::Readers& readers);

}  // namespace rollcall::app
