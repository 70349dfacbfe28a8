// SPDX-License-Identifier: Apache-2.0
// What happens to watchers about whom a presentity's rules say nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/rules/evaluate.hpp>

namespace rollcall::presence {

/// The default of each domain. Who may see whom is decided by rules::decide(); this is its last argument.
struct Policy {
  rules::DomainDefault otherwise = rules::DomainDefault::allow_domain;
  std::vector<std::pair<std::string, rules::DomainDefault>> exceptions;  // domain, in lower case; each once

  /// For the presentities of a domain, in lower case.
  [[nodiscard]] rules::DomainDefault of(std::string_view domain) const;

  friend bool operator==(const Policy&, const Policy&) = default;
};

/// "allow-domain", "open", "confirm", "block"; and "domain", as allow-domain was called before. nullopt for
/// another word.
std::optional<rules::DomainDefault> policy_of(std::string_view word);

}  // namespace rollcall::presence
