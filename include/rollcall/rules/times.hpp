// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <rollcall/base/clock.hpp>

namespace rollcall::rules {

/// An xs:dateTime with its timezone (RFC 4745 §7.4, erratum 1455), to the microsecond, what is finer
/// cut off; white space around it is allowed. nullopt for anything else, and for a day that does not exist.
std::optional<base::Instant> parse_date_time(std::string_view text);

}  // namespace rollcall::rules
