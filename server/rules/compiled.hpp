// SPDX-License-Identifier: Apache-2.0
// Rules as evaluate() asks them, with the index that finds those about a watcher.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/rules/identity.hpp>
#include <rollcall/rules/permissions.hpp>
#include <rollcall/rules/ruleset.hpp>

namespace rollcall::rules {

using TextSet = std::unordered_set<std::string, base::KeyedHash, std::equal_to<>>;

/// RFC 4745 §7.1.3.
struct Many {
  bool any_domain = true;
  std::string domain;       // "" with any_domain false: one that nobody is of
  bool is_readable = true;  // else it matches nobody
  TextSet excepted;         // identities
  TextSet excepted_domains;
};

/// RFC 4745 §7.1.
struct IdentityCondition {
  bool is_empty = false;  // no child at all
  TextSet ones;
  std::vector<Many> many;
};

/// RFC 4745 §7.4: from it on, and before its end.
struct Period {
  base::Instant from, until;
};

/// Each vector is a list of conditions, which all must hold; in each of them one entry must.
struct Rule {
  std::vector<IdentityCondition> identities;
  std::vector<std::vector<std::string>> spheres;  // in lower case
  std::vector<std::vector<Period>> validities;
  std::vector<std::vector<std::string>> external_lists;
  bool anonymous_request = false;
  bool other_identity = false;
  bool never = false;  // has a condition that we do not know

  Handling handling = Handling::block;
  std::shared_ptr<const Grant> grant;  // never null; one for all rules of equal permissions
};

struct CompiledRules {
  using Places = std::vector<std::uint32_t>;
  using Index = std::unordered_map<std::string, Places, base::KeyedHash, std::equal_to<>>;

  std::vector<Rule> rules;
  Index by_identity;  // a <one> names it
  Index by_domain;    // a <many> names it
  Places general;     // could be about anybody; in order
  Places with_lists;  // have an external list, and no <other-identity>; in order

  /// Fills the index.
  void build_index();
};

}  // namespace rollcall::rules
