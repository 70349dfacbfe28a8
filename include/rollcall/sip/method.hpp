// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rollcall::sip {

/// The methods that the server knows by name; every other one is `other`, its name kept in the message.
enum class Method : std::uint8_t {
  register_,
  publish,
  subscribe,
  notify,
  message,
  options,
  invite,
  ack,
  bye,
  cancel,
  info,
  refer,
  update,
  prack,
  other,
};

/// Exact match: method names are case-sensitive (RFC 3261 §7.1).
Method method_of(std::string_view name);

/// "REGISTER" and so on; "" for other.
std::string_view to_string(Method method);

}  // namespace rollcall::sip
