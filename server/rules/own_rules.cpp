// SPDX-License-Identifier: Apache-2.0
#include "own_rules.hpp"

#include "rule_reader.hpp"
#include "words.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/rules/edit.hpp>

#include <fmt/format.h>

namespace rollcall::rules {

namespace {

/// The one child of this name of common policy, when there is just one.
const xml::Element* only_child(const xml::Element& element, std::string_view name) {
  const xml::Element* found = nullptr;
  for (const auto& child : element.children) {
    if (!child.is(common_policy_namespace, name)) continue;
    if (found) return nullptr;
    found = &child;
  }
  return found;
}

std::string_view id_of(const xml::Element& rule) {
  const auto* id = rule.attribute("id");
  return id ? xml::trim(id->value) : std::string_view();
}

constexpr std::string_view whole_document =
    "  <cr:transformations>\n"
    "   <pr:provide-services><pr:all-services/></pr:provide-services>\n"
    "   <pr:provide-persons><pr:all-persons/></pr:provide-persons>\n"
    "   <pr:provide-devices><pr:all-devices/></pr:provide-devices>\n"
    "   <pr:provide-all-attributes/>\n"
    "  </cr:transformations>\n";

}  // namespace

std::string own_rule_id(Handling handling) {
  return fmt::format("{}{}", own_rule_prefix, to_string(handling));
}

std::string free_rule_id(const xml::Element& root, Handling handling) {
  std::unordered_set<std::string_view, base::KeyedHash> taken;
  for (const auto& rule : root.children)
    taken.insert(id_of(rule));
  const auto id = own_rule_id(handling);
  auto free = id;
  for (std::size_t number = 2; taken.contains(free); ++number)
    free = fmt::format("{}-{}", id, number);
  return free;
}

const xml::Element* identity_of_own_rule(const xml::Element& rule) {
  if (!rule.is(common_policy_namespace, "rule") || !id_of(rule).starts_with(own_rule_prefix)) return nullptr;
  const auto* conditions = only_child(rule, "conditions");
  const auto* identity = conditions ? only_child(*conditions, "identity") : nullptr;
  if (!identity || conditions->children.size() != 1 || identity->children.empty()) return nullptr;
  const bool only_ones =
      std::all_of(identity->children.begin(), identity->children.end(),
                  [](const xml::Element& child) { return child.is(common_policy_namespace, "one"); });
  return only_ones ? identity : nullptr;
}

bool gives(const xml::Element& rule, Handling handling) {
  const auto* actions = only_child(rule, "actions");
  if (!actions || actions->children.size() != 1) return false;
  const auto& action = actions->children.front();
  if (!action.is(pres_rules_namespace, "sub-handling") || handling_of(action.text) != handling) return false;
  Permissions permissions;
  Budget budget{RulesetBounds()};
  for (const auto& part : rule.children)
    if (part.is(common_policy_namespace, "transformations")) read_transformations(part, permissions, budget);
  return permissions == (handling == Handling::allow ? Permissions::everything() : Permissions());
}

bool names(const xml::Element& one, const Identity& watcher) {
  const auto identity = identity_of(one);
  return identity && *identity == watcher;
}

std::string_view name_in_tag(std::string_view document, std::size_t begin) {
  const auto end = std::min(document.find_first_of(" \t\r\n/>", begin), document.size());
  return document.substr(begin + 1, end - begin - 1);
}

std::string write_rule(const std::string& id, Handling handling, const std::vector<std::string>& uris) {
  auto text = fmt::format(" <cr:rule xmlns:cr=\"{}\" xmlns:pr=\"{}\" id=\"{}\">\n", common_policy_namespace,
                          pres_rules_namespace, id);
  text += "  <cr:conditions>\n   <cr:identity>";
  for (const auto& uri : uris)
    text.append("<cr:one id=\"").append(xml::attribute_text(uri)).append("\"/>");
  text += "</cr:identity>\n  </cr:conditions>\n";
  fmt::format_to(std::back_inserter(text),
                 "  <cr:actions><pr:sub-handling>{}</pr:sub-handling></cr:actions>\n", to_string(handling));
  if (handling == Handling::allow) text += whole_document;
  return text += " </cr:rule>\n";
}

std::string document_start() {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<cr:ruleset xmlns:cr=\"{}\" xmlns:pr=\"{}\">\n",
      common_policy_namespace, pres_rules_namespace);
}

std::string document_end() {
  return "</cr:ruleset>\n";
}

}  // namespace rollcall::rules
