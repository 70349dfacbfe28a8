// SPDX-License-Identifier: Apache-2.0
// The STUN that devices send to a SIP port to keep their NAT binding (RFC 5626 §3.5.2, RFC 5389).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rollcall/sip/endpoint.hpp>

namespace rollcall::net {

/// Is this datagram STUN, of RFC 5389 or of its forerunner without the cookie? It begins with a byte of
/// 0 or 1, which no SIP message does, and says the length of what follows.
bool is_stun(std::string_view datagram);

/// The answer to a Binding request: the address that it came from (RFC 5389 §15.2). nullopt for all
/// other STUN, and for a request with an attribute that would have to be understood.
std::optional<std::string> answer_stun(std::string_view datagram, const sip::Endpoint& source);

}  // namespace rollcall::net
