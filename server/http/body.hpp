// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "channel.hpp"
#include "head.hpp"

#include <cstddef>
#include <string>
#include <variant>

#include <rollcall/http/problem.hpp>

namespace rollcall::http {

/// Reads the body that a head announces, by length or in chunks (RFC 9112 §6.2, §7.1): 413 past the
/// limit (when it is announced, without reading any of it), 408 when it takes too long, 400 when it
/// is cut short or a chunk is not well formed.
std::variant<std::string, Problem> read_body(Channel& channel, const Head& head, std::size_t limit,
                                             const Deadline& deadline);

}  // namespace rollcall::http
