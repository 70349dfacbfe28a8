// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <rollcall/sip/message.hpp>

namespace rollcall::torture {

/// What was read from a message, by name:
///   method, uri, uri.user, uri.host, uri.port, status, reason, body (its length)
///   vias, contacts, fields (how many)
///   top.host, top.branch, top.received, bottom.host, bottom.transport (of the Via values)
///   from.name, from.user, from.tag, to.name, to.user, to.host, to.tag
///   contact.user, contact.host, contact.header.<param>, contact.uri.<param>, contact.headers
///   cseq, hops
///   header.<Name> (the value of the first field of that name), <Name>[n] (the n-th value of a list)
std::string read_fact(const sip::Message& message, std::string_view name);

}  // namespace rollcall::torture
