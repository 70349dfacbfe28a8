// SPDX-License-Identifier: Apache-2.0
// Which elements of a service, person or device are shown (RFC 5025 §3.3.2).
#pragma once

#include <cstdint>
#include <vector>

#include <rollcall/rules/permissions.hpp>
#include <rollcall/xml/fragment.hpp>

namespace rollcall::rules {

/// Where an element stands. A service has one that is always shown: <service-class>.
enum class Component : std::uint8_t { other, service };

/// Those that may be seen, in their order, <user-input> as far as it may.
std::vector<xml::Fragment> shown(const std::vector<xml::Fragment>& elements, const Permissions& permissions,
                                 Component component = Component::other);

}  // namespace rollcall::rules
