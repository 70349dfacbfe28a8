// SPDX-License-Identifier: Apache-2.0
#include <rollcall/presence/lists.hpp>

namespace rollcall::presence {

namespace {

constexpr std::string_view placeholder = "{user}";

// What stands for the placeholder in a name, "" when the pattern is another.
std::string_view user_in(std::string_view name, std::string_view pattern) {
  const auto at = pattern.find(placeholder);
  const std::string_view before = pattern.substr(0, at);
  const std::string_view behind = pattern.substr(at + placeholder.size());
  if (name.size() <= before.size() + behind.size() || !name.starts_with(before) || !name.ends_with(behind))
    return {};
  return name.substr(before.size(), name.size() - before.size() - behind.size());
}

}  // namespace

std::string OwnLists::fault_in(std::string_view pattern) {
  const bool has_user = pattern.find(placeholder) != std::string_view::npos;
  const std::string sample(
      has_user ? std::string(pattern).replace(pattern.find(placeholder), placeholder.size(), "a")
               : std::string(pattern));
  if (pattern == placeholder) return "the name of a user is no name of a list";
  if (sample.find_first_of("{}@") != std::string::npos || !sip::Aor::parse(sample + "@a"))
    return "no user part of a URI, with {user} in it at most once";
  return "";
}

std::optional<sip::Aor> OwnLists::owner_of(const sip::Aor& list, const sip::Aor& who_asks) const {
  for (const std::string& pattern : patterns_) {
    if (pattern.find(placeholder) == std::string::npos) {
      if (list.user() == pattern && list.domain() == who_asks.domain()) return who_asks;
      continue;
    }
    const std::string_view user = user_in(list.user(), pattern);
    if (user.empty()) continue;
    if (auto owner = sip::Aor::parse(std::string(user).append("@").append(list.domain()))) return *owner;
  }
  return std::nullopt;
}

}  // namespace rollcall::presence
