// SPDX-License-Identifier: Apache-2.0
// Where a request goes, and what it looks like there (RFC 3261 §16.5, §16.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/engine/request.hpp>
#include <rollcall/engine/transactions.hpp>
#include <rollcall/model/binding.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::proxy {

/// One member of the target set.
struct Target {
  std::string request_uri;
  std::vector<std::string> routes;  // the Route set of the copy that goes there
  std::vector<std::string> record_routes;
  engine::Destination destination;
  std::uint16_t q = 1000;
};

/// A registered device: its contact, by way of its Path (RFC 3327 §5.1).
Target target_of(const model::Binding& binding);

/// What follows in a dialog: the Request-URI as it stands, the Routes behind ours, over this flow.
Target target_along(const sip::Flow& flow, const sip::Message& request, std::vector<std::string> routes);

/// How many of these, best first, are tried at the same time: those of the same q, and no more than
/// `breadth`.
std::size_t group_size(const std::vector<Target>& targets, int breadth);

/// Max-Forwards for the next hop; nullopt: it must not go on (RFC 3261 §16.3 step 3, §16.6 step 3).
std::optional<int> hops_left(const sip::Message& request);

/// How many branches may be open at a time (RFC 5393 §5.3.3): 60 where nothing is said; 0: none.
int breadth_of(const sip::Message& request);

/// Why no request like this is passed on, with the answer: too many hops, an extension that proxies
/// must understand (RFC 3261 §16.3 steps 3 and 5), no breadth left (RFC 5393 §5.3.3).
std::optional<sip::Reply> check_forwarding(const sip::Message& request);

/// The copy for one target (RFC 3261 §16.6).
sip::Unsent write_copy(const engine::Request& request, const Target& target, int breadth);

}  // namespace rollcall::proxy
