// SPDX-License-Identifier: Apache-2.0
// The document of a presentity, out of what is kept.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/model/binding.hpp>
#include <rollcall/model/presence.hpp>
#include <rollcall/presence/compose.hpp>
#include <rollcall/presence/service.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::presence {

/// The most that watchers are shown: with the head of its NOTIFY it fits a datagram, for those that can be
/// reached by nothing else.
inline constexpr std::size_t most_document_bytes = 48 * 1024;

/// What a user keeps for when no device speaks (RFC 4827).
struct HardState {
  base::Text body;
  base::Instant updated{};
};

/// All that is kept about the presence of a user. Borrowed for the call.
struct Known {
  const sip::Aor* aor = nullptr;
  std::vector<const model::Publication*> publications;  // an administrator's status among them
  std::vector<const model::Binding*> bindings;
  const HardState* hard_state = nullptr;  // null: none
  CallsInput calls{};
};

/// The composed document (see compose()). What cannot be read is passed over, and hard state too when all
/// would be larger than watchers can be shown.
xml::PidfDocument document_of(const Known& known, const CompositionPolicy& policy, const base::Limits& limits,
                              base::Instant now);

/// How it came about, for an administrator: fills in what a view says of status and inputs.
void explain(PresenceView& view, const Known& known, const CompositionPolicy& policy,
             const base::Limits& limits, base::Instant now);

/// Is what these publications come to too large to be shown?
bool is_too_large(const sip::Aor& aor, const std::vector<const model::Publication*>& publications,
                  const base::Limits& limits, base::Instant now);

}  // namespace rollcall::presence
