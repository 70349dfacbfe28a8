// SPDX-License-Identifier: Apache-2.0
#include "evaluation.hpp"

#include <algorithm>
#include <iterator>

#include <rollcall/rules/evaluate.hpp>

namespace rollcall::rules {

namespace {

const std::shared_ptr<const Grant>& whole_document() {
  static const auto grant = std::make_shared<const Grant>(Permissions::everything());
  return grant;
}

struct DefaultRow {
  std::string_view word;
  DomainDefault value;
};

constexpr DefaultRow defaults[] = {
    {"allow-domain", DomainDefault::allow_domain},
    {"open", DomainDefault::open},
    {"confirm", DomainDefault::confirm},
    {"block", DomainDefault::block},
};

void allow(Verdict& verdict) {
  verdict.handling = Handling::allow;
  verdict.grant = whole_document();
}

void apply_default(Verdict& verdict, std::span<const Identity> watcher, const sip::Aor& presentity,
                   DomainDefault otherwise) {
  if (watcher.empty() || otherwise == DomainDefault::block) return;
  const bool is_of_domain = std::any_of(watcher.begin(), watcher.end(), [&](const Identity& one) {
    return one.domain() == presentity.domain();
  });
  if (otherwise == DomainDefault::open || (otherwise == DomainDefault::allow_domain && is_of_domain))
    allow(verdict);
  else
    verdict.handling = Handling::confirm;
}

}  // namespace

std::string_view Verdict::body_key() const {
  if (handling == Handling::allow) return grant->key;
  return handling == Handling::polite_block ? to_string(handling) : std::string_view();
}

Verdict evaluate(std::span<const Ruleset* const> rulesets, const Request& request) {
  return Evaluation(rulesets, request).run();
}

std::optional<DomainDefault> domain_default_of(std::string_view word) {
  const auto row = std::find_if(std::begin(defaults), std::end(defaults),
                                [&](const DefaultRow& one) { return one.word == word; });
  if (row == std::end(defaults)) return std::nullopt;
  return row->value;
}

std::string_view to_string(DomainDefault value) {
  return std::find_if(std::begin(defaults), std::end(defaults),
                      [&](const DefaultRow& one) { return one.value == value; })
      ->word;
}

Verdict decide(std::span<const Ruleset* const> rulesets, const Request& request, const sip::Aor& presentity,
               DomainDefault otherwise) {
  const Identity self(presentity);
  if (std::find(request.watcher.begin(), request.watcher.end(), self) != request.watcher.end()) {
    Verdict verdict;
    verdict.matched = true;
    allow(verdict);
    return verdict;
  }
  auto verdict = evaluate(rulesets, request);
  if (!verdict.matched) apply_default(verdict, request.watcher, presentity, otherwise);
  return verdict;
}

}  // namespace rollcall::rules
