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

/// The publications of a user for the package of the request.
struct CurrentPublications {
  std::vector<const model::Publication*> live;
  /// Those that have expired and are still shown. None of them can be refreshed any more, but a device that
  /// comes back takes its own over: it was never gone.
  std::vector<const model::Publication*> lapsed;
};

/// What RFC 3903 §6 makes of a PUBLISH for `aor`. `device` is the publisher's, as far as it is known.
engine::Outcome decide_publish(const engine::Request& request, const sip::Aor& aor,
                               const CurrentPublications& current, base::Text device,
                               const base::Limits& limits, base::Instant now);

}  // namespace rollcall::presence
