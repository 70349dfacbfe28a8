// SPDX-License-Identifier: Apache-2.0
#include "words.hpp"

#include <optional>

#include <rollcall/rules/transform.hpp>
#include <rollcall/xml/element.hpp>
#include <rollcall/xml/namespaces.hpp>

namespace rollcall::rules {

namespace {

/// <sphere><work/></sphere> by RFC 4480 §3.11, or a word of one's own, which its example writes as text.
std::string value_of(const xml::Fragment& sphere) {
  const auto tree = xml::element_of(sphere);
  if (tree.children.size() == 1 && tree.text.empty()) return in_lower_case(tree.children.front().name);
  return tree.children.empty() ? in_lower_case(tree.text) : std::string();
}

}  // namespace

std::string sphere_of(std::span<const xml::PidfDocument* const> published) {
  std::optional<std::string> agreed;
  for (const auto* document : published) {
    for (const auto& person : document->persons) {
      for (const auto& element : person.elements) {
        if (element.name != "sphere" || element.namespace_uri != xml::rpid_namespace) continue;
        auto value = value_of(element);
        if (agreed && *agreed != value) return {};
        agreed = std::move(value);
      }
    }
  }
  return agreed.value_or(std::string());
}

}  // namespace rollcall::rules
