// SPDX-License-Identifier: Apache-2.0
// Deciding about a PUBLISH, without I/O.
#pragma once

#include <string>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/engine/outcome.hpp>
#include <rollcall/engine/request.hpp>
#include <rollcall/model/presence.hpp>

namespace rollcall::presence {

/// What RFC 3903 §6 makes of a PUBLISH for `aor`, whose live publications are `current`. `device` is
/// the publisher's, as far as it is known.
engine::Outcome decide_publish(const engine::Request& request, const sip::Aor& aor,
                               const std::vector<const model::Publication*>& current, base::Text device,
                               const base::Limits& limits, base::Instant now);

}  // namespace rollcall::presence
