// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <rollcall/base/result.hpp>

namespace rollcall::sip {

/// The phrase of a status code ("Not Found"); for an unknown one that of its class's x00.
std::string_view reason_phrase(int status);

/// The one table from our error codes to SIP status codes.
int status_of(base::ErrorCode code);

}  // namespace rollcall::sip
