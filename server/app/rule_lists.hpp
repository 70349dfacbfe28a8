// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rollcall/engine/readers.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/presence/agent.hpp>

namespace rollcall::app {

/// Who is on the lists that presence rules name (OMA's external-list), out of the documents of the rules'
/// owner and the global ones. Read on a reader's thread, so that the shard does not wait. Both outlive the
/// function.
presence::Agent::ReadLists rule_lists(engine::Shard& shard, engine::Readers& readers);

}  // namespace rollcall::app
