// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include <rollcall/base/result.hpp>
#include <rollcall/model/change.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::engine {

/// What deciding about a request comes to: what is to be kept, and the answer that leaves once it
/// is. Notifications are no part of it: they follow from the changes (see Keeper::listen).
struct Outcome {
  model::Changes changes;
  sip::Reply reply;
  std::string to_tag;  // of the answer, where it makes a dialog; "": a new one

  Outcome() = default;
  Outcome(sip::Reply reply) : reply(std::move(reply)) {}  // NOLINT: an answer that changes nothing
};

/// The answer to an error: status by the table in sip/status.hpp, the detail as its reason;
/// Retry-After where coming back later helps.
sip::Reply refusal(const base::Error& error);

}  // namespace rollcall::engine
