// SPDX-License-Identifier: Apache-2.0
// One kind of time for timers, expiries and dates.
#pragma once

#include <chrono>
#include <string>

namespace rollcall::base {

using Duration = std::chrono::microseconds;

/// Microseconds since the Unix epoch. Within one run it never goes back: it is the wall clock at
/// start plus what the steady clock has counted since, so that a correction of the machine's clock
/// moves no timer, and it can still be stored and compared after a restart.
using Instant = std::chrono::time_point<std::chrono::system_clock, Duration>;

/// The time now. Safe on any thread. Code that decides takes its time as an argument instead.
Instant now();

/// "2026-11-21T10:20:30.123Z": RFC 3339 in UTC, milliseconds.
std::string to_rfc3339(Instant time);

/// "Sat, 21 Nov 2026 10:20:30 GMT": the SIP Date header (RFC 3261 §20.17).
std::string to_sip_date(Instant time);

}  // namespace rollcall::base
