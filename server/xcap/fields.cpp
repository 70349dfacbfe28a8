// SPDX-License-Identifier: Apache-2.0
// Names for places in a document, as conflict reports have them.
#include "constraints.hpp"

#include <algorithm>

#include <rollcall/xcap/selector.hpp>

#include <fmt/format.h>

namespace rollcall::xcap {

namespace {

/// The step that finds an element among its siblings.
Step step_to(const Document& document, Document::Index element) {
  const auto& row = document.element(element);
  Step step;
  step.name.local = row.expanded.local;
  step.name.namespace_uri = row.expanded.namespace_uri;
  if (row.parent == Document::none) return step;
  std::uint32_t position = 1;
  for (auto child = document.first_child(row.parent); child != element; child = document.element(child).next)
    if (document.element(child).expanded == row.expanded) ++position;
  step.position = position;
  return step;
}

/// A prefix of ours for a namespace: ns1, ns2 ... in the order in which they come.
std::string prefix_for(std::string_view uri, std::vector<std::string>& seen) {
  auto found = std::find(seen.begin(), seen.end(), uri);
  if (found == seen.end()) found = seen.insert(seen.end(), std::string(uri));
  return fmt::format("ns{}", found - seen.begin() + 1);
}

}  // namespace

std::string field_of(const Document& document, Document::Index element, std::string_view attribute,
                     std::string_view default_namespace) {
  std::vector<Step> steps;
  for (auto at = element; at != Document::none; at = document.element(at).parent)
    steps.push_back(step_to(document, at));
  std::reverse(steps.begin(), steps.end());
  std::vector<std::string> seen;
  for (auto& step : steps)
    if (step.name.namespace_uri != default_namespace)
      step.name.prefix = prefix_for(step.name.namespace_uri, seen);
  auto text = write(steps);
  // The attribute has no namespace, so no prefix either.
  const auto end = std::min(text.find('?'), text.size());
  return text.insert(end, fmt::format("/@{}", attribute));
}

}  // namespace rollcall::xcap
