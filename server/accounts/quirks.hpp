// SPDX-License-Identifier: Apache-2.0
// Clients that have to be treated in a way of their own, by what they call themselves.
#pragma once

#include <rollcall/sip/message.hpp>

namespace rollcall::accounts {

/// Does this client give up when it is offered a digest algorithm beside MD5, as RFC 8760 §2.3 asks
/// it not to? Only the offer is narrowed: what the client answers is checked as any answer is.
bool takes_only_md5(const sip::Message& request);

}  // namespace rollcall::accounts
