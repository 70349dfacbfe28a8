// SPDX-License-Identifier: Apache-2.0
// HTTP clients that have to be treated in a way of their own, by what they call themselves.
#pragma once

#include <rollcall/http/request.hpp>

namespace rollcall::xdm {

/// Does this client give up when it is offered a digest algorithm beside MD5? Only the offer is narrowed:
/// what the client answers is checked as any answer is.
bool takes_only_md5(const http::Request& request);

}  // namespace rollcall::xdm
