// SPDX-License-Identifier: Apache-2.0
#include "rule_reader.hpp"
#include "words.hpp"

#include <algorithm>
#include <iterator>

namespace rollcall::rules {

namespace {

bool is_true(const xml::Element& element) {
  return element.text == "true" || element.text == "1";
}

struct MemberRow {
  std::string_view name;
  SelectedBy by;
};

constexpr MemberRow members[] = {
    {"class", SelectedBy::occurrence_class},
    {"occurrence-id", SelectedBy::occurrence_id},
    {"deviceID", SelectedBy::device_id},
    {"service-uri", SelectedBy::service_uri},
    {"service-uri-scheme", SelectedBy::uri_scheme},
};

/// RFC 5025 §3.3.1. A kind of member that the component does not have finds nothing in it.
void read_selection(const xml::Element& element, std::string_view all, Selection& selection, Budget& budget) {
  Selection read;
  for (const auto& child : element.children) {
    if (!budget.spend()) break;
    if (child.namespace_uri != pres_rules_namespace) continue;
    if (child.name == all) read.all = true;
    const auto row = std::find_if(std::begin(members), std::end(members),
                                  [&](const MemberRow& one) { return child.name == one.name; });
    if (row == std::end(members) || child.text.empty()) continue;
    read.members.emplace(row->by, row->by == SelectedBy::device_id ? canonical_uri(child.text) : child.text);
  }
  selection.add(read);
}

struct SelectionRow {
  std::string_view name, all;
  Selection Permissions::*selection;
};

constexpr SelectionRow selections[] = {
    {"provide-services", "all-services", &Permissions::services},
    {"provide-persons", "all-persons", &Permissions::persons},
    {"provide-devices", "all-devices", &Permissions::devices},
};

struct AttributeRow {
  std::string_view name;
  Attribute attribute;
};

constexpr AttributeRow attributes[] = {
    {"provide-activities", Attribute::activities},   {"provide-class", Attribute::occurrence_class},
    {"provide-deviceID", Attribute::device_id},      {"provide-mood", Attribute::mood},
    {"provide-place-is", Attribute::place_is},       {"provide-place-type", Attribute::place_type},
    {"provide-privacy", Attribute::privacy},         {"provide-relationship", Attribute::relationship},
    {"provide-sphere", Attribute::sphere},           {"provide-status-icon", Attribute::status_icon},
    {"provide-time-offset", Attribute::time_offset}, {"provide-note", Attribute::note},
};
static_assert(std::size(attributes) == attribute_count);

struct UserInputRow {
  std::string_view word;
  UserInput amount;
};

constexpr UserInputRow user_inputs[] = {
    {"bare", UserInput::bare},
    {"thresholds", UserInput::thresholds},
    {"full", UserInput::full},
};

void read_user_input(const xml::Element& element, Permissions& permissions) {
  for (const auto& row : user_inputs)
    if (element.text == row.word) permissions.user_input = std::max(permissions.user_input, row.amount);
}

/// RFC 5025 §3.3.2.14: both attributes are mandatory, the name is unqualified.
void read_unknown_attribute(const xml::Element& element, Permissions& permissions) {
  const auto* uri = element.attribute("ns");
  const auto* name = element.attribute("name");
  if (!uri || !name || !is_true(element)) return;
  permissions.unknown.emplace(xml::trim(uri->value), xml::trim(name->value));
}

void read_attribute(const xml::Element& element, Permissions& permissions) {
  const auto row = std::find_if(std::begin(attributes), std::end(attributes),
                                [&](const AttributeRow& one) { return element.name == one.name; });
  if (row != std::end(attributes) && is_true(element)) permissions.give(row->attribute);
}

}  // namespace

void read_transformations(const xml::Element& transformations, Permissions& permissions, Budget& budget) {
  Permissions read;
  bool all_attributes = false;
  for (const auto& child : transformations.children) {
    if (!budget.spend()) break;
    if (child.namespace_uri != pres_rules_namespace) continue;
    for (const auto& row : selections)
      if (child.name == row.name) read_selection(child, row.all, read.*row.selection, budget);
    if (child.name == "provide-user-input") read_user_input(child, read);
    if (child.name == "provide-unknown-attribute") read_unknown_attribute(child, read);
    if (child.name == "provide-all-attributes") all_attributes = true;
    read_attribute(child, read);
  }
  if (all_attributes) read.give_all_attributes();
  permissions.add(read);
}

}  // namespace rollcall::rules
