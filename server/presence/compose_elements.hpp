// SPDX-License-Identifier: Apache-2.0
// What elements of a presence document are and say.
#pragma once

#include <functional>
#include <string_view>

#include <rollcall/base/clock.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::presence {

/// Calls back for each child of an element: its name without prefix, and the text at its front.
void for_each_child(const xml::Fragment& fragment,
                    const std::function<void(std::string_view name, std::string_view text)>& on_child);

/// Does what this element says hold now? Those of RPID may have a time from which and until which they do
/// (RFC 4480 §3.1); one that is no time is passed over.
bool holds(const xml::Fragment& element, base::Instant now);

/// Is this a <timed-status> of a time that includes now?
bool is_timed_now(const xml::Fragment& element, base::Instant now);

bool is_activities(const xml::Fragment& element);
bool is_user_input(const xml::Fragment& element);
/// Does an <user-input> say that the device is in use?
bool says_active(const xml::Fragment& element);

/// Is the tuple about how somebody else is reached, an assistant say (RFC 4480 §3.9)?
bool is_of_somebody_else(const xml::Tuple& tuple);
/// Is the tuple about the presentity's SIP address, and not about another service or somebody else?
bool speaks_for_presentity(const xml::Tuple& tuple);

}  // namespace rollcall::presence
