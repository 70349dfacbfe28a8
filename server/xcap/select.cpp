// SPDX-License-Identifier: Apache-2.0
// Evaluating node selectors (RFC 4825 §6.3).
#include <rollcall/xcap/selector.hpp>

namespace rollcall::xcap {

namespace {

bool has_name(const Document& document, Document::Index element, const Step& step) {
  return step.any || document.element(element).expanded == step.name.expanded();
}

}  // namespace

bool has_attribute(const Document& document, Document::Index element, const AttributeTest& test) {
  const auto* attribute = document.find_attribute(element, test.name.expanded());
  return attribute && document.has_value(*attribute, test.value);
}

Match select_child(const Document& document, Document::Index parent, const Step& step) {
  Match match;
  std::uint32_t position = 0;
  for (auto child = document.first_child(parent); child != Document::none;
       child = document.element(child).next) {
    if (!has_name(document, child, step)) continue;
    ++position;
    if (step.position && position != *step.position) continue;
    if (step.attribute && !has_attribute(document, child, *step.attribute)) continue;
    if (match.is_one()) return {Match::Count::several, Document::none};
    match = {Match::Count::one, child};
  }
  return match;
}

Match select(const Document& document, std::span<const Step> steps) {
  Match match{Match::Count::one, Document::none};
  for (const auto& step : steps) {
    match = select_child(document, match.element, step);
    if (!match.is_one()) return match;
  }
  return match;
}

const Document::Attribute* select_attribute(const Document& document, const NodeSelector& selector) {
  const auto match = select(document, selector.steps);
  if (!match.is_one()) return nullptr;
  return document.find_attribute(match.element, selector.attribute.expanded());
}

bool selects(const Document& document, const NodeSelector& selector) {
  if (selector.target == Target::attribute) return select_attribute(document, selector) != nullptr;
  return select(document, selector.steps).is_one();
}

}  // namespace rollcall::xcap
