// SPDX-License-Identifier: Apache-2.0
#include "evaluation.hpp"

#include "words.hpp"

#include <algorithm>

namespace rollcall::rules {

namespace {

const std::shared_ptr<const Grant>& nothing() {
  static const auto grant = std::make_shared<const Grant>(Permissions());
  return grant;
}

void append(CompiledRules::Places& places, const CompiledRules::Index& index, std::string_view name) {
  if (name.empty()) return;
  if (const auto found = index.find(name); found != index.end())
    places.insert(places.end(), found->second.begin(), found->second.end());
}

}  // namespace

Evaluation::Evaluation(std::span<const Ruleset* const> rulesets, const Request& request)
    : rulesets_(rulesets), request_(request), sphere_(in_lower_case(xml::trim(request.sphere))) {}

Verdict Evaluation::run() {
  for (const auto* ruleset : rulesets_)
    ask(ruleset->compiled());
  if (combined_) verdict_.grant = std::make_shared<const Grant>(std::move(*combined_));
  if (!verdict_.grant) verdict_.grant = nothing();
  return std::move(verdict_);
}

/// RFC 4745 §10.1.
void Evaluation::ask(const CompiledRules& compiled) {
  for (const auto place : about_watcher(compiled)) {
    ++verdict_.rules_examined;
    const auto& rule = compiled.rules[place];
    if (holds(rule)) combine(rule);
  }
}

/// The rules that can be about the watcher, each once and in their order.
CompiledRules::Places Evaluation::about_watcher(const CompiledRules& compiled) const {
  auto places = compiled.general;
  for (const auto& identity : request_.watcher) {
    append(places, compiled.by_identity, identity.text());
    append(places, compiled.by_domain, identity.domain());
  }
  if (places.size() > compiled.general.size()) {
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
  }
  return places;
}

/// All conditions are true (RFC 4745 §10.1). Validity comes last: only when it alone decides does its next
/// change matter.
bool Evaluation::holds(const Rule& rule) {
  const bool anonymous = request_.watcher.empty();
  if (rule.never || (rule.anonymous_request && !anonymous) || (rule.other_identity && anonymous))
    return false;
  const bool others_hold = std::all_of(rule.identities.begin(), rule.identities.end(),
                                       [&](const auto& one) { return covers(one); }) &&
                           std::all_of(rule.spheres.begin(), rule.spheres.end(),
                                       [&](const auto& one) { return is_in_sphere(one); }) &&
                           std::all_of(rule.external_lists.begin(), rule.external_lists.end(),
                                       [&](const auto& one) { return is_on(one); }) &&
                           (!rule.other_identity || !is_referenced());
  if (!others_hold) return false;
  bool valid = true;
  for (const auto& periods : rule.validities)
    valid = is_valid(periods) && valid;
  return valid;
}

/// RFC 4745 §7.1.1; RFC 5025 §3.1.1.2 for who is not authenticated.
bool Evaluation::covers(const IdentityCondition& condition) const {
  if (request_.watcher.empty()) return condition.is_empty;
  return std::any_of(request_.watcher.begin(), request_.watcher.end(),
                     [&](const Identity& one) { return condition.ones.contains(one.text()); }) ||
         std::any_of(condition.many.begin(), condition.many.end(),
                     [&](const Many& many) { return covers(many); });
}

/// RFC 4745 §7.1.3: one identity of the watcher that is excepted excepts him.
bool Evaluation::covers(const Many& many) const {
  const auto& watcher = request_.watcher;
  const auto is_excepted = [&](const Identity& one) {
    return many.excepted.contains(one.text()) || many.excepted_domains.contains(one.domain());
  };
  const auto is_of_domain = [&](const Identity& one) {
    return many.any_domain || one.domain() == many.domain;
  };
  return many.is_readable && std::any_of(watcher.begin(), watcher.end(), is_of_domain) &&
         std::none_of(watcher.begin(), watcher.end(), is_excepted);
}

/// RFC 4745 §7.3.
bool Evaluation::is_in_sphere(const std::vector<std::string>& names) const {
  return !sphere_.empty() && std::find(names.begin(), names.end(), sphere_) != names.end();
}

/// RFC 4745 §7.4.
bool Evaluation::is_valid(const std::vector<Period>& periods) {
  bool valid = false;
  for (const auto& period : periods) {
    valid = valid || (period.from <= request_.now && request_.now < period.until);
    for (const auto edge : {period.from, period.until})
      if (edge > request_.now) verdict_.changes = std::min(verdict_.changes.value_or(edge), edge);
  }
  return valid;
}

bool Evaluation::is_on(const std::vector<std::string>& lists) {
  return std::any_of(lists.begin(), lists.end(), [&](const std::string& list) { return is_on_list(list); });
}

bool Evaluation::is_on_list(const std::string& list) {
  if (!request_.member_of || request_.watcher.empty()) return false;
  const auto [entry, is_new] = lists_.try_emplace(list, false);
  if (is_new)
    entry->second = std::any_of(request_.watcher.begin(), request_.watcher.end(),
                                [&](const Identity& one) { return request_.member_of(list, one); });
  return entry->second;
}

bool Evaluation::is_referenced() {
  if (!referenced_)
    referenced_ = std::any_of(rulesets_.begin(), rulesets_.end(),
                              [&](const Ruleset* one) { return is_referenced_by(one->compiled()); });
  return *referenced_;
}

/// Does a rule speak of the watcher, apart from those for everybody else?
bool Evaluation::is_referenced_by(const CompiledRules& compiled) {
  const auto places = about_watcher(compiled);
  const auto names_watcher = [&](std::uint32_t place) {
    const auto& rule = compiled.rules[place];
    return !rule.other_identity && std::any_of(rule.identities.begin(), rule.identities.end(),
                                               [&](const auto& one) { return covers(one); });
  };
  const auto lists_watcher = [&](std::uint32_t place) {
    const auto& conditions = compiled.rules[place].external_lists;
    return std::any_of(conditions.begin(), conditions.end(), [&](const auto& one) { return is_on(one); });
  };
  return std::any_of(places.begin(), places.end(), names_watcher) ||
         std::any_of(compiled.with_lists.begin(), compiled.with_lists.end(), lists_watcher);
}

/// RFC 4745 §10.2. Most watchers get what one rule permits, or what several permit alike: they share it.
void Evaluation::combine(const Rule& rule) {
  verdict_.matched = true;
  verdict_.handling = std::max(verdict_.handling, rule.handling);
  if (!verdict_.grant) {
    verdict_.grant = rule.grant;
  } else if (combined_ || verdict_.grant->key != rule.grant->key) {
    if (!combined_) combined_ = verdict_.grant->permissions;
    combined_->add(rule.grant->permissions);
  }
}

}  // namespace rollcall::rules
