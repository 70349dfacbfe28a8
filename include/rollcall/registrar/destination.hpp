// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <rollcall/engine/transactions.hpp>
#include <rollcall/model/binding.hpp>
#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/message.hpp>

namespace rollcall::registrar {

/// Is the sender of this request behind a NAT: does its Via name another address than the one that
/// the message came from (RFC 3581 §4)?
bool is_behind_nat(const sip::Message& request, const sip::Flow& flow);

/// Where to send for a peer whose messages came on `flow` and whose next hop is `uri` (a Contact, or
/// the first of a route set). A stream goes back on its connection, or, when that has closed, to where
/// the URI says that its peer listens. By UDP the address in the URI
/// counts when it is one and can be reached; else the flow, as behind a NAT only that one works.
engine::Destination destination_for(std::string_view uri, const sip::Flow& flow, bool behind_nat);

/// The same for a registered device: its first Path, else its contact (RFC 3327 §5.1).
engine::Destination destination_of(const model::Binding& binding);

}  // namespace rollcall::registrar
