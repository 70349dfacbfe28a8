// SPDX-License-Identifier: Apache-2.0
#include "constraints.hpp"

#include <cstdint>

#include <rollcall/base/limits.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::xcap {

std::optional<Conflict> check_presence(const Document& document, const Path&, const Surroundings&,
                                       const Limits& limits) {
  base::Limits bounds;
  bounds.body_bytes = static_cast<std::int64_t>(limits.presence_bytes);
  bounds.xml_depth = static_cast<std::int64_t>(limits.depth);
  // Refused now rather than left out of every composition later.
  const auto presence = xml::PidfDocument::parse(document.text(), bounds);
  if (!presence)
    return Conflict{ConflictKind::constraint_failure,
                    "this presence cannot be composed: " + presence.error().detail,
                    {},
                    {}};
  return std::nullopt;
}

}  // namespace rollcall::xcap
