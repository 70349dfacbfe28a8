// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <rollcall/base/ids.hpp>
#include <rollcall/base/log.hpp>
#include <rollcall/http/bearer.hpp>

namespace rollcall::http {

namespace {

constexpr base::Log log{"http"};

/// The credentials of the Bearer scheme, whose name has no case (RFC 9110 §11.1); "" when there are none.
std::string_view token_of(const Request& request) {
  constexpr std::string_view scheme = "bearer ";
  const std::string_view value = request.header("authorization").value_or("");
  if (value.size() < scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if ((value[i] | 0x20) != scheme[i]) return {};
  return value.substr(scheme.size());
}

Response refusal(bool has_token) {
  Response response =
      problem(Problem{401, has_token ? "this token is not the right one" : "a Bearer token is needed", {}});
  // RFC 6750 §3: the error attribute only where something was shown.
  response.headers.push_back({"WWW-Authenticate", has_token
                                                      ? "Bearer realm=\"rollcall\", error=\"invalid_token\""
                                                      : "Bearer realm=\"rollcall\""});
  return response;
}

}  // namespace

std::optional<Response> BearerGuard::check(const Request& request, base::Instant now) {
  if (lockout_.is_out(request.peer, now)) return Lockout::refusal();
  const std::string_view token = token_of(request);
  if (token.empty()) return refusal(false);
  if (!token_.empty() && base::equal_in_constant_time(token, token_)) return std::nullopt;
  lockout_.remember(request.peer, now);
  log.warning("auth-failure", base::kv("ip", request.peer));
  return refusal(true);
}

}  // namespace rollcall::http
