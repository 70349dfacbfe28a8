// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string_view>

#include <rollcall/base/ids.hpp>
#include <rollcall/base/log.hpp>
#include <rollcall/http/bearer.hpp>

namespace rollcall::http {

namespace {

constexpr base::Log log{"http"};
constexpr auto window = std::chrono::minutes(1);
constexpr std::size_t most_addresses = 10'000;

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
  if (is_locked_out(request.peer, now))
    return problem(Problem{429, "too many wrong tokens from this address", {}, 60});
  const std::string_view token = token_of(request);
  if (token.empty()) return refusal(false);
  if (!token_.empty() && base::equal_in_constant_time(token, token_)) return std::nullopt;
  remember_failure(request.peer, now);
  log.warning("auth-failure", base::kv("ip", request.peer));
  return refusal(true);
}

bool BearerGuard::is_locked_out(const std::string& peer, base::Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(peer);
  if (found == failures_.end()) return false;
  if (now - found->second.since < window) return found->second.count >= patience;
  failures_.erase(found);
  return false;
}

void BearerGuard::remember_failure(const std::string& peer, base::Instant now) {
  const std::lock_guard lock(mutex_);
  if (failures_.size() >= most_addresses)
    std::erase_if(failures_, [&](const auto& entry) { return now - entry.second.since >= window; });
  // Still full: an attack from very many addresses; to forget is better than to grow.
  if (failures_.size() >= most_addresses) failures_.clear();
  Failures& failures = failures_[peer];
  if (failures.count++ == 0) failures.since = now;
}

}  // namespace rollcall::http
