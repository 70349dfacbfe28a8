// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/message.hpp>

namespace rollcall::sip {

/// Where the answer to a request goes (RFC 3261 §18.2.2, RFC 3581 §4).
struct WayBack {
  Flow flow;          // what it is sent on
  Endpoint reopened;  // where a connection is opened to when that of the flow has gone
};

/// From the topmost Via and what the request came on. A connection leads back by itself. A datagram
/// is answered to maddr when that is an address (a loopback one only for who is on the loopback too),
/// else to where the request came from: to its port when the Via has an rport, else to the port of
/// sent-by or 5060. A request whose Via cannot be read is answered to where it came from.
WayBack way_back(const Message& request, const Flow& flow);

}  // namespace rollcall::sip
