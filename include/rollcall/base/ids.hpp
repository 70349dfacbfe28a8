// SPDX-License-Identifier: Apache-2.0
// Random tokens and time-ordered ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <rollcall/base/clock.hpp>

namespace rollcall::base {

/// `bytes` bytes of the system's secure randomness as lower-case hexadecimal. Any thread.
std::string random_hex(std::size_t bytes);

/// 64 secure random bits. Any thread; served from a buffer of the thread.
std::uint64_t random_bits();

/// A UUID of version 7 (RFC 9562 §5.7): ids made later on this thread sort later. 36 characters.
std::string time_ordered_id(Instant time);

/// Comparison that takes the same time wherever the texts differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace rollcall::base
