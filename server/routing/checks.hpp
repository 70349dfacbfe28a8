// SPDX-License-Identifier: Apache-2.0
// The checks that every request passes before somebody handles it (RFC 3261 §8.2, §16.3).
#pragma once

#include "methods.hpp"

#include <optional>

#include <rollcall/sip/message.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::routing {

/// RFC 3261 §8.2.2.1: a Request-URI whose scheme we read and cannot serve: nothing here is secured by TLS
/// yet, and nobody is reached by number.
std::optional<sip::Reply> check_scheme(const sip::Message& message);

/// RFC 3261 §8.2.1: a method that nobody here handles.
std::optional<sip::Reply> check_method(const sip::Message& message);

/// RFC 3261 §8.2.2.3 where we end the request, §16.3 step 5 where we pass it on: an extension that
/// must be understood and is not.
std::optional<sip::Reply> check_extensions(const sip::Message& message, Handling handling);

/// RFC 3261 §16.3 step 3, for what is passed on.
std::optional<sip::Reply> check_max_forwards(const sip::Message& message);

/// The value of Supported.
std::string supported_extensions();

}  // namespace rollcall::routing
