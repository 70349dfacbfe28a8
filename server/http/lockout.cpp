// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include <rollcall/http/lockout.hpp>
#include <rollcall/http/problem.hpp>

namespace rollcall::http {

namespace {

constexpr auto window = std::chrono::minutes(1);
constexpr std::size_t most_remembered = 10'000;

}  // namespace

bool Lockout::is_out(const std::string& who, base::Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(who);
  if (found == failures_.end()) return false;
  if (now - found->second.since < window) return found->second.count >= patience_;
  failures_.erase(found);
  return false;
}

void Lockout::remember(const std::string& who, base::Instant now) {
  const std::lock_guard lock(mutex_);
  if (failures_.size() >= most_remembered)
    std::erase_if(failures_, [&](const auto& entry) { return now - entry.second.since >= window; });
  // Still full: an attack from very many addresses; to forget is better than to grow.
  if (failures_.size() >= most_remembered) failures_.clear();
  Failures& failures = failures_[who];
  if (failures.count++ == 0) failures.since = now;
}

Response Lockout::refusal() {
  return problem(Problem{429, "too many wrong credentials from this address", {}, 60});
}

}  // namespace rollcall::http
