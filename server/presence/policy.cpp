// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rollcall/presence/policy.hpp>

namespace rollcall::presence {

rules::DomainDefault Policy::of(std::string_view domain) const {
  const auto found = std::find_if(exceptions.begin(), exceptions.end(),
                                  [&](const auto& exception) { return exception.first == domain; });
  return found == exceptions.end() ? otherwise : found->second;
}

std::optional<rules::DomainDefault> policy_of(std::string_view word) {
  if (word == "domain") return rules::DomainDefault::allow_domain;
  return rules::domain_default_of(word);
}

}  // namespace rollcall::presence
