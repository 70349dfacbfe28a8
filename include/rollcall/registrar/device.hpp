// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <rollcall/sip/headers/name_addr.hpp>

namespace rollcall::registrar {

/// What a device calls itself in a Contact: its +sip.instance without quotes and brackets
/// (RFC 5626 §4.1), "" when it has none.
std::string instance_of(const sip::NameAddr& contact);

}  // namespace rollcall::registrar
