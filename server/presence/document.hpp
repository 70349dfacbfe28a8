// SPDX-License-Identifier: Apache-2.0
// The document of a presentity, out of what is kept.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/model/binding.hpp>
#include <rollcall/model/presence.hpp>

namespace rollcall::presence {

/// The most that watchers are shown: with the head of its NOTIFY it fits a datagram, for those that can be
/// reached by nothing else.
inline constexpr std::size_t most_document_bytes = 48 * 1024;

/// The composed application/pidf+xml (see compose()). A publication that cannot be read is passed over.
std::string document_of(const sip::Aor& aor, const std::vector<const model::Publication*>& publications,
                        const std::vector<const model::Binding*>& bindings, const base::Limits& limits,
                        base::Instant now);

/// Is what these publications come to too large to be shown?
bool is_too_large(const sip::Aor& aor, const std::vector<const model::Publication*>& publications,
                  const base::Limits& limits, base::Instant now);

}  // namespace rollcall::presence
