// SPDX-License-Identifier: Apache-2.0
#include "compiled.hpp"
#include "rule_reader.hpp"

#include <algorithm>
#include <set>

#include <rollcall/rules/ruleset.hpp>
#include <rollcall/xml/element.hpp>

namespace rollcall::rules {

namespace {

bool may_match_anybody(const Rule& rule) {
  return rule.identities.empty() ||
         std::any_of(rule.identities.begin(), rule.identities.end(), [](const IdentityCondition& condition) {
           return condition.is_empty || std::any_of(condition.many.begin(), condition.many.end(),
                                                    [](const Many& many) { return many.any_domain; });
         });
}

void add(CompiledRules::Index& index, const std::string& name, std::uint32_t place) {
  auto& places = index[name];
  if (places.empty() || places.back() != place) places.push_back(place);
}

}  // namespace

void CompiledRules::build_index() {
  for (std::uint32_t place = 0; place < rules.size(); ++place) {
    const auto& rule = rules[place];
    if (!rule.external_lists.empty() && !rule.other_identity) with_lists.push_back(place);
    if (may_match_anybody(rule)) general.push_back(place);
    for (const auto& condition : rule.identities) {
      for (const auto& one : condition.ones)
        add(by_identity, one, place);
      for (const auto& many : condition.many)
        if (!many.any_domain) add(by_domain, many.domain, place);
    }
  }
}

Ruleset::Ruleset() : compiled_(std::make_shared<const CompiledRules>()) {}

base::Result<Ruleset> Ruleset::parse(std::string_view document, const RulesetBounds& bounds) {
  const auto root = xml::read_document(document, {bounds.bytes, bounds.depth});
  if (!root) return root.error();
  auto compiled = read_rules(*root, bounds);
  if (!compiled) return compiled.error();
  compiled->build_index();
  return Ruleset(std::make_shared<const CompiledRules>(std::move(*compiled)));
}

std::size_t Ruleset::size() const {
  return compiled_->rules.size();
}

bool Ruleset::asks_for_sphere() const {
  return std::any_of(compiled_->rules.begin(), compiled_->rules.end(),
                     [](const Rule& rule) { return !rule.spheres.empty(); });
}

std::vector<std::string> Ruleset::lists() const {
  std::set<std::string> lists;
  for (const auto& rule : compiled_->rules)
    for (const auto& condition : rule.external_lists)
      lists.insert(condition.begin(), condition.end());
  return {lists.begin(), lists.end()};
}

}  // namespace rollcall::rules
