// SPDX-License-Identifier: Apache-2.0
// What the Contacts of a REGISTER ask for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/sip/headers/name_addr.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::registrar {

/// One Contact of the request and what is to become of it.
struct Wish {
  sip::NameAddr contact;
  std::string instance;      // +sip.instance, "" if none
  std::uint32_t reg_id = 0;  // 0: none that counts (RFC 5626 §6)
  std::int64_t seconds = 0;  // 0: remove
  std::uint16_t q = 1000;    // thousandths
};

/// Reads the contacts, none of which is "*", or says why they cannot be. Views into the message.
base::Result<std::vector<Wish>> read_wishes(const sip::Message& message, const base::Limits& limits);

/// The refusal when they ask for too little time, for several flows at a time, or for a flow that the first
/// hop does not keep; nullopt: none.
std::optional<sip::Reply> check_wishes(const std::vector<Wish>& wishes, const sip::Message& message,
                                       const base::Limits& limits);

/// Does the answer have to say that a flow was registered as the device asked for (RFC 5626 §6)?
bool tells_outbound(const std::vector<Wish>& wishes, const sip::Message& message);

}  // namespace rollcall::registrar
