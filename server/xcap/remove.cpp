// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"
#include "verbs.hpp"

#include <utility>

namespace rollcall::xcap {

namespace {

Outcome remove_document(const Case& it) {
  if (auto answered = check_conditions(it, false)) return *answered;
  Outcome outcome;
  outcome.effect = Effect::remove;
  return outcome;
}

}  // namespace

Outcome remove_resource(const Case& it) {
  if (!it.current) return answer({404, "there is no such document", {}, {}});
  if (!it.selector) return remove_document(it);
  const auto document = open_current(it);
  if (const auto* refusal = std::get_if<Refusal>(&document)) return answer(*refusal);
  // What is not there is 404 whatever the conditions are (RFC 7232 §5).
  if (!selects(std::get<Document>(document), *it.selector))
    return answer({404, "the node selector selects nothing", {}, {}});
  if (auto answered = check_conditions(it, false)) return *answered;
  auto edit = remove_node(std::get<Document>(document), *it.selector, it.limits());
  if (const auto* refusal = std::get_if<Refusal>(&edit)) return answer(*refusal);
  const auto& changed = std::get<Edit>(edit).document;
  if (const auto refusal = check_document(it, changed)) return answer(*refusal);
  return stored(changed.text(), false);
}

}  // namespace rollcall::xcap
