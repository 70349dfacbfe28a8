// SPDX-License-Identifier: Apache-2.0
#include "compose_draft.hpp"
#include "compose_person.hpp"
#include "compose_services.hpp"
#include "compose_status.hpp"

#include <utility>

#include <rollcall/presence/compose.hpp>

namespace rollcall::presence {

namespace {

/// The policy of composition, in the order in which it works.
using Step = void (*)(Draft&);
constexpr Step steps[] = {
    choose_status,
    add_published_services,
    complete_services,
    add_registered_service,
    open_for_administrator,
    order_services,
    add_person,
    add_devices,
    add_notes,
    add_extensions,
    settle_status,
};

}  // namespace

Composition compose(const CompositionInput& input) {
  Draft draft(input);
  draft.result.document.entity = draft.address;
  for (const auto step : steps)
    step(draft);
  make_ids_unique(draft.result.document);
  return std::move(draft.result);
}

}  // namespace rollcall::presence
