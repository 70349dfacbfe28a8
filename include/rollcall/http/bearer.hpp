// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/http/lockout.hpp>
#include <rollcall/http/problem.hpp>
#include <rollcall/http/request.hpp>

namespace rollcall::http {

/// Lets in who shows the administrator's token (RFC 6750 §2.1). Any thread.
///
/// An address that was wrong `patience` times within a minute is answered 429 until the minute is
/// over, whatever it shows, so that a token cannot be tried out. Each failure is one log line
/// "auth-failure ip=...".
class BearerGuard {
 public:
  static constexpr int patience = 20;

  /// An empty token lets nobody in.
  explicit BearerGuard(std::string token) : token_(std::move(token)) {}

  /// nullopt: let in. Else the 401 or 429 to answer.
  std::optional<Response> check(const Request& request, base::Instant now);

 private:
  std::string token_;
  Lockout lockout_{patience};
};

}  // namespace rollcall::http
