// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <rollcall/sip/message.hpp>

namespace rollcall::proxy {

/// The second part of our branches (RFC 5393 §4.2.1): the same whenever a request would be routed in
/// the same way again, and made with our secret so that nobody else's branch looks like it.
std::string loop_mark(const sip::Message& request, std::string_view secret);

/// Has this request been here before, with all that decides about its way unchanged (RFC 5393 §4.2.2)?
bool has_looped(const sip::Message& request, std::string_view mark);

}  // namespace rollcall::proxy
