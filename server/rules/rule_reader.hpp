// SPDX-License-Identifier: Apache-2.0
// From the elements of a document to rules.
#pragma once

#include "compiled.hpp"

#include <optional>

#include <rollcall/base/result.hpp>
#include <rollcall/xml/element.hpp>

namespace rollcall::rules {

/// Counts what is kept of a document, so that it stays bounded.
class Budget {
 public:
  explicit Budget(const RulesetBounds& bounds) : left_(bounds.values) {}

  /// Takes one value out of it; false when nothing is left.
  bool spend() {
    if (left_ == 0) overspent_ = true;
    return !overspent_ && left_-- > 0;
  }
  [[nodiscard]] bool overspent() const { return overspent_; }

 private:
  std::size_t left_;
  bool overspent_ = false;
};

/// The rules without their index. Errors: as Ruleset::parse().
base::Result<CompiledRules> read_rules(const xml::Element& root, const RulesetBounds& bounds);

/// Whom a <one> names (RFC 4745 §7.2). nullopt, and it matches nobody, when that cannot be read, or when it
/// has a domain or an extension that could narrow it.
std::optional<Identity> identity_of(const xml::Element& one);

/// The conditions part of a rule (RFC 4745 §7), added to what it has already.
void read_conditions(const xml::Element& conditions, Rule& rule, Budget& budget);

/// The transformations part of a rule (RFC 5025 §3.3), added to what it has already.
void read_transformations(const xml::Element& transformations, Permissions& permissions, Budget& budget);

}  // namespace rollcall::rules
