// SPDX-License-Identifier: Apache-2.0
// host and port of RFC 3261 §25.1, as they stand in URIs, Via and maddr.
#pragma once

#include "scanner.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace rollcall::sip {

/// hostname / IPv4address / IPv6reference.
bool is_host(std::string_view text);

/// Takes a host; "" when there is no valid one.
std::string_view take_host(Scanner& in);

/// Takes the digits of a port; nullopt when there are none, or it is 0 or above 65535.
std::optional<std::uint16_t> take_port(Scanner& in);

}  // namespace rollcall::sip
