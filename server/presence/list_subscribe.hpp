// SPDX-License-Identifier: Apache-2.0
// What a SUBSCRIBE to a list says, without I/O.
#pragma once

#include <string>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::presence {

/// The list that it brings, as a document with nothing else in it. Errors: those of
/// bodies::read_recipient_list(), and of decoding the body.
base::Result<std::string> resources_in(const sip::Message& message, const base::Limits& limits);

/// The answer when there is none: 415 for a body that is no list, 400 for one that is broken.
sip::Reply list_refusal(const base::Error& error);

}  // namespace rollcall::presence
