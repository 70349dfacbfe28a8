// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <rollcall/sip/endpoint.hpp>

namespace rollcall::net {

/// Empties the error queue of a UDP socket (bounded) and returns the addresses that ICMP has called
/// unreachable: host, network, port or protocol, or a parameter problem. Other errors, such as TTL
/// exceeded, are no failure (RFC 3261 §18.4).
std::vector<sip::Endpoint> read_unreachable(int socket);

}  // namespace rollcall::net
