// SPDX-License-Identifier: Apache-2.0
// The status that an administrator sets, as it is kept: a publication that no PUBLISH can touch.
#pragma once

#include <rollcall/model/presence.hpp>
#include <rollcall/presence/service.hpp>

namespace rollcall::presence {

/// Was this row made by make_administrator_status()? Its Content-Type tells, which a PUBLISH cannot choose.
bool is_of_administrator(const model::Publication& publication);

/// The row that says what is wanted; `existing` is the one that it takes the place of, if any.
model::Publication make_administrator_status(const sip::Aor& aor, const WantedStatus& wanted,
                                             const model::Publication* existing, base::Instant now);

}  // namespace rollcall::presence
