// SPDX-License-Identifier: Apache-2.0
// The part of a composition that says what somebody's status is.
#pragma once

#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/presence/status.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::presence {

struct Draft;

/// What a document says about its user's status, by the tables in compose_status.cpp.
struct Reading {
  Status status = Status::available;
  bool by_hand = false;
  bool says = false;    // it names a status; else somebody is just there
  bool active = false;  // it says that a device is in use (RFC 4480 §3.14)
};
Reading read_status(const xml::PidfDocument& document, base::Instant now);

/// The <activities> that hold now: the person's, and when there are none those that clients put into a tuple.
std::vector<const xml::Fragment*> activities_of(const xml::PidfDocument& document, base::Instant now);

/// Step: whose status is shown.
void choose_status(Draft& draft);
/// Step: who is available, but nowhere to be reached, is offline.
void settle_status(Draft& draft);

}  // namespace rollcall::presence
