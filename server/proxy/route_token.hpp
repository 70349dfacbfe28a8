// SPDX-License-Identifier: Apache-2.0
// Our Record-Route values: URIs of ours that carry a flow and prove that we wrote them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/engine/shard.hpp>
#include <rollcall/sip/endpoint.hpp>

namespace rollcall::proxy {

/// A Record-Route value that names us by `sent_by` and leads over `flow` (as the flow tokens of
/// RFC 5626 §5.3 do). Signed together with the Call-ID: it is good for this dialog and no other.
/// `run` is the number of this run of the server, the only one in which a connection means something.
std::string write_route(const sip::Flow& flow, std::string_view sent_by, std::string_view call_id,
                        const engine::Run& run);

/// The flow in a Route value that write_route() made for this Call-ID; nullopt for any other. A
/// connection of an earlier run comes back as 0: to be opened to the same address.
std::optional<sip::Flow> read_route(std::string_view route, std::string_view call_id, const engine::Run& run);

}  // namespace rollcall::proxy
