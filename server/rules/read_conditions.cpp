// SPDX-License-Identifier: Apache-2.0
#include "rule_reader.hpp"
#include "words.hpp"

#include <algorithm>
#include <iterator>

#include <rollcall/rules/times.hpp>

namespace rollcall::rules {

namespace {

/// RFC 4745 §7.1.3: by identity, by domain or by both, where either excludes.
void read_except(const xml::Element& element, Many& many) {
  const auto* id = element.attribute("id");
  const auto* domain = element.attribute("domain");
  if (id) {
    const auto identity = Identity::parse(id->value);
    if (identity) many.excepted.insert(identity->text());
    many.is_readable = many.is_readable && identity;
  }
  if (domain) {
    const auto name = canonical_domain(domain->value);
    if (name) many.excepted_domains.insert(*name);
    many.is_readable = many.is_readable && name;
  }
  if (!id && !domain) many.is_readable = false;
}

Many read_many(const xml::Element& element, Budget& budget) {
  Many many;
  if (const auto* domain = element.attribute("domain")) {
    many.any_domain = false;
    many.domain = canonical_domain(domain->value).value_or(std::string());
    many.is_readable = !many.domain.empty();
  }
  for (const auto& child : element.children) {
    if (!budget.spend()) break;
    if (child.is(common_policy_namespace, "except"))
      read_except(child, many);
    else
      many.is_readable = false;
  }
  return many;
}

void read_identity(const xml::Element& element, Rule& rule, Budget& budget) {
  IdentityCondition condition;
  condition.is_empty = element.children.empty();
  for (const auto& child : element.children) {
    if (!budget.spend()) break;
    if (child.is(common_policy_namespace, "one")) {
      if (const auto identity = identity_of(child)) condition.ones.insert(identity->text());
    } else if (child.is(common_policy_namespace, "many")) {
      condition.many.push_back(read_many(child, budget));
    }
  }
  rule.identities.push_back(std::move(condition));
}

void read_sphere(const xml::Element& element, Rule& rule, Budget& budget) {
  std::vector<std::string> names;
  const auto* value = element.attribute("value");
  for (const auto word : words_of(value ? value->value : std::string_view())) {
    if (!budget.spend()) break;
    names.push_back(in_lower_case(word));
  }
  rule.spheres.push_back(std::move(names));
}

/// Takes each <from> with the <until> behind it; what has no pair, or cannot be read, gives no period.
void read_validity(const xml::Element& element, Rule& rule, Budget& budget) {
  std::vector<Period> periods;
  std::optional<base::Instant> from;
  for (const auto& child : element.children) {
    if (!budget.spend()) break;
    const bool is_until = child.is(common_policy_namespace, "until");
    const auto time = parse_date_time(child.text);
    if (is_until && from && time && *from < *time) periods.push_back({*from, *time});
    from = child.is(common_policy_namespace, "from") ? time : std::nullopt;
  }
  rule.validities.push_back(std::move(periods));
}

/// OMA XDM: the watcher is a member of one of the lists.
void read_external_list(const xml::Element& element, Rule& rule, Budget& budget) {
  std::vector<std::string> lists;
  for (const auto& entry : element.children) {
    if (!budget.spend()) break;
    const auto* anchor = entry.is(oma_policy_namespace, "entry") ? entry.attribute("anc") : nullptr;
    if (anchor) lists.emplace_back(xml::trim(anchor->value));
  }
  rule.external_lists.push_back(std::move(lists));
}

void read_anonymous_request(const xml::Element&, Rule& rule, Budget&) {
  rule.anonymous_request = true;
}

void read_other_identity(const xml::Element&, Rule& rule, Budget&) {
  rule.other_identity = true;
}

struct ConditionRow {
  std::string_view uri, name;
  void (*read)(const xml::Element&, Rule&, Budget&);
};

constexpr ConditionRow rows[] = {
    {common_policy_namespace, "identity", read_identity},
    {common_policy_namespace, "sphere", read_sphere},
    {common_policy_namespace, "validity", read_validity},
    {oma_policy_namespace, "external-list", read_external_list},
    {oma_policy_namespace, "anonymous-request", read_anonymous_request},
    {oma_policy_namespace, "other-identity", read_other_identity},
};

}  // namespace

std::optional<Identity> identity_of(const xml::Element& one) {
  const auto* id = one.attribute("id");
  if (!id || one.attribute("domain") || !one.children.empty()) return std::nullopt;
  auto identity = Identity::parse(id->value);
  if (!identity) return std::nullopt;
  return std::move(*identity);
}

void read_conditions(const xml::Element& conditions, Rule& rule, Budget& budget) {
  for (const auto& child : conditions.children) {
    if (!budget.spend()) break;
    const auto row = std::find_if(std::begin(rows), std::end(rows),
                                  [&](const ConditionRow& one) { return child.is(one.uri, one.name); });
    if (row == std::end(rows))
      rule.never = true;
    else
      row->read(child, rule, budget);
  }
}

}  // namespace rollcall::rules
