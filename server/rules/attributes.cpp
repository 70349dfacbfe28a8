// SPDX-License-Identifier: Apache-2.0
#include "attributes.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/xml/element.hpp>
#include <rollcall/xml/namespaces.hpp>

namespace rollcall::rules {

namespace {

using xml::data_model_namespace;
using xml::rpid_namespace;

struct AttributeRow {
  std::string_view uri, name;
  Attribute attribute;
};

constexpr AttributeRow rows[] = {
    {rpid_namespace, "activities", Attribute::activities},
    {rpid_namespace, "class", Attribute::occurrence_class},
    {data_model_namespace, "deviceID", Attribute::device_id},
    {rpid_namespace, "deviceID", Attribute::device_id},
    {rpid_namespace, "mood", Attribute::mood},
    {rpid_namespace, "place-is", Attribute::place_is},
    {rpid_namespace, "place-type", Attribute::place_type},
    {rpid_namespace, "privacy", Attribute::privacy},
    {rpid_namespace, "relationship", Attribute::relationship},
    {rpid_namespace, "sphere", Attribute::sphere},
    {rpid_namespace, "status-icon", Attribute::status_icon},
    {rpid_namespace, "time-offset", Attribute::time_offset},
};

bool is(const xml::Fragment& element, std::string_view uri, std::string_view name) {
  return element.name == name && element.namespace_uri == uri;
}

bool is_positive_integer(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

/// RFC 5025 §3.3.2.12. Written anew out of the values that may stand, so that nothing else does; what is
/// neither active nor idle says more than "bare" may, and goes.
std::optional<xml::Fragment> user_input(const xml::Fragment& element, UserInput amount) {
  if (amount == UserInput::hidden) return std::nullopt;
  if (amount == UserInput::full) return element;
  const auto tree = xml::element_of(element);
  if (tree.text != "active" && tree.text != "idle") return std::nullopt;
  auto result = element;
  result.ids.clear();
  result.text = "<rpid:user-input";
  const auto* threshold = tree.attribute("idle-threshold");
  if (amount == UserInput::thresholds && threshold && is_positive_integer(threshold->value))
    result.text.append(" idle-threshold=\"").append(threshold->value).append("\"");
  result.text.append(">").append(tree.text).append("</rpid:user-input>");
  return result;
}

/// Elements that have no permission of their own.
bool is_permitted_as_unknown(const xml::Fragment& element, const Permissions& permissions) {
  return permissions.unknown.contains({element.namespace_uri, element.name});
}

std::optional<xml::Fragment> shown(const xml::Fragment& element, const Permissions& permissions,
                                   Component component) {
  if (permissions.all_attributes) return element;
  if (is(element, rpid_namespace, "user-input")) return user_input(element, permissions.user_input);
  const auto row = std::find_if(std::begin(rows), std::end(rows),
                                [&](const AttributeRow& one) { return is(element, one.uri, one.name); });
  bool permitted = false;
  if (row != std::end(rows))
    permitted = permissions.provides(row->attribute);
  else if (is(element, rpid_namespace, "service-class"))
    permitted = component == Component::service;
  else
    permitted = is_permitted_as_unknown(element, permissions);
  if (!permitted) return std::nullopt;
  return element;
}

}  // namespace

std::vector<xml::Fragment> shown(const std::vector<xml::Fragment>& elements, const Permissions& permissions,
                                 Component component) {
  std::vector<xml::Fragment> result;
  for (const auto& element : elements)
    if (auto part = shown(element, permissions, component)) result.push_back(std::move(*part));
  return result;
}

}  // namespace rollcall::rules
