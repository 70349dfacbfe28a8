// SPDX-License-Identifier: Apache-2.0
#include "rule_reader.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace rollcall::rules {

namespace {

/// Lets rules of equal permissions share them, so that combining equal ones costs nothing.
class Grants {
 public:
  std::shared_ptr<const Grant> share(Permissions permissions) {
    auto grant = std::make_shared<const Grant>(std::move(permissions));
    return by_key_.try_emplace(grant->key, grant).first->second;
  }

 private:
  std::map<std::string, std::shared_ptr<const Grant>> by_key_;
};

/// RFC 5025 §3.2.1. Another word is an unknown action, which permits nothing (RFC 4745 §8).
void read_actions(const xml::Element& actions, Rule& rule) {
  for (const auto& action : actions.children) {
    if (action.is(pres_rules_namespace, "sub-handling"))
      rule.handling = std::max(rule.handling, handling_of(action.text).value_or(Handling::block));
  }
}

Rule read_rule(const xml::Element& element, Grants& grants, Budget& budget) {
  Rule rule;
  Permissions permissions;
  for (const auto& part : element.children) {
    if (part.is(common_policy_namespace, "conditions"))
      read_conditions(part, rule, budget);
    else if (part.is(common_policy_namespace, "actions"))
      read_actions(part, rule);
    else if (part.is(common_policy_namespace, "transformations"))
      read_transformations(part, permissions, budget);
  }
  rule.grant = grants.share(std::move(permissions));
  return rule;
}

}  // namespace

base::Result<CompiledRules> read_rules(const xml::Element& root, const RulesetBounds& bounds) {
  if (!root.is(common_policy_namespace, "ruleset"))
    return base::malformed("root is not ruleset of urn:ietf:params:xml:ns:common-policy");
  CompiledRules compiled;
  Grants grants;
  Budget budget(bounds);
  for (const auto& child : root.children) {
    if (!child.is(common_policy_namespace, "rule")) continue;
    if (compiled.rules.size() == bounds.rules)
      return base::Error{base::ErrorCode::too_large, fmt::format("more than {} rules", bounds.rules)};
    compiled.rules.push_back(read_rule(child, grants, budget));
    if (budget.overspent())
      return base::Error{base::ErrorCode::too_large,
                         fmt::format("rules with more than {} values", bounds.values)};
  }
  return compiled;
}

}  // namespace rollcall::rules
