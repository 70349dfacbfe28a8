// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <rollcall/http/response.hpp>

namespace rollcall::http {

/// An answer's bytes, with Date, Content-Length, Connection and the security headers. Without its
/// body when the request was a HEAD (RFC 9110 §9.3.2).
std::string serialize(const Response& response, bool is_head, bool keep);

}  // namespace rollcall::http
