// SPDX-License-Identifier: Apache-2.0
// The table of methods: who answers, and who asks for credentials.
#pragma once

#include <cstdint>
#include <string>

#include <rollcall/accounts/authenticator.hpp>
#include <rollcall/sip/method.hpp>

namespace rollcall::routing {

enum class Handling : std::uint8_t {
  server,  // ends here: we are the registrar, presence agent or the one asked for its options
  relay,   // goes on to the devices of the user in the Request-URI
  none,    // 405, or 481 where it can only belong to a dialog that we know nothing of
};

struct MethodRow {
  sip::Method method;
  Handling handling;
  accounts::Challenger challenger;  // 401 or 407 (RFC 3261 §22.2, §22.3)
};

const MethodRow& row_of(sip::Method method);

/// The value of Allow: what row_of says is not `none`.
std::string allowed_methods();

}  // namespace rollcall::routing
