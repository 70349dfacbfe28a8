// SPDX-License-Identifier: Apache-2.0
#include "patcher.hpp"

#include "characters.hpp"
#include "patch_operation.hpp"
#include "tree.hpp"

#include <algorithm>

namespace rollcall::xml {

namespace {

using Fault = std::optional<PatchFault>;

/// True when a text from its first to its last piece is nothing but white space.
bool is_blank_text(pugi::xml_node first) {
  if (!is_text(first)) return false;
  for (auto piece = first; is_text(piece); piece = piece.next_sibling())
    if (!is_blank(piece)) return false;
  return true;
}

pugi::xml_node first_piece(pugi::xml_node text) {
  while (is_text(text.previous_sibling()))
    text = text.previous_sibling();
  return text;
}

void remove_text(pugi::xml_node first) {
  while (is_text(first)) {
    const auto next = first.next_sibling();
    first.parent().remove_child(first);
    first = next;
  }
}

/// The value of an attribute or namespace that an operation holds: one text without CDATA sections
/// (RFC 5261 §4.3, §5.1).
std::optional<std::string> value_in(pugi::xml_node operation) {
  std::string value;
  for (const auto child : operation.children()) {
    if (child.type() != pugi::node_pcdata) return std::nullopt;
    value += child.value();
  }
  return value;
}

}  // namespace

bool is_blank(pugi::xml_node text) {
  return trim(text.value()).empty();
}

Fault Patcher::apply(pugi::xml_node operation) {
  if (auto fault = check_operation(operation)) return fault;
  const std::string_view name = split(operation.name()).local;
  const auto selector = read_selector(operation.attribute("sel").value(), operation);
  if (const auto* fault = std::get_if<PatchFault>(&selector)) return *fault;
  const auto found = locate(target_, std::get<Selector>(selector), work_);
  if (const auto* fault = std::get_if<PatchFault>(&found)) return *fault;
  const auto& located = std::get<Located>(found);
  if (name == "add") return add(operation, located);
  return name == "replace" ? replace(operation, located) : remove(operation, located);
}

/// RFC 5261 §4.3. What ends in an attribute or a namespace is no place to add to (§8, xpath-add).
Fault Patcher::add(pugi::xml_node operation, const Located& found) {
  if (found.attribute) return PatchFault::invalid_attribute_value;
  if (const auto attribute = operation.attribute("type")) {
    if (found.kind != Located::Kind::element) return PatchFault::invalid_node_types;
    const auto type = read_added_type(attribute.value(), operation);
    if (const auto* fault = std::get_if<PatchFault>(&type)) return *fault;
    const auto& added = std::get<AddedType>(type);
    if (added.prefix.empty()) return add_attribute(operation, found.node, added);
    return add_declaration(operation, found.node, std::string(added.prefix));
  }
  const std::string_view pos = operation.attribute("pos").value();
  const auto place = pos == "before"    ? Place::before
                     : pos == "after"   ? Place::after
                     : pos == "prepend" ? Place::prepend
                                        : Place::append;
  const bool inside = place == Place::append || place == Place::prepend;
  if (inside && found.kind != Located::Kind::element) return PatchFault::invalid_node_types;
  return add_nodes(operation, found, place);
}

/// RFC 5261 §4.3.4, §4.3.5. Beside the root only comments and processing instructions may stand.
Fault Patcher::add_nodes(pugi::xml_node operation, const Located& found, Place place) {
  const bool inside = place == Place::append || place == Place::prepend;
  auto parent = inside ? found.node : found.node.parent();
  const bool at_top = parent.type() == pugi::node_document;
  auto after = found.node;  // what the next node comes behind; null: at the front
  if (place == Place::append) after = parent.last_child();
  if (place == Place::prepend) after = {};
  if (place == Place::before) after = found.node.previous_sibling();
  if (place == Place::after && found.kind == Located::Kind::text) after = last_piece(found.node);
  Transplant transplant(parent, operation, depth_, work_);
  for (const auto child : operation.children()) {
    if (at_top && child.type() == pugi::node_element) return PatchFault::invalid_root_element_operation;
    if (at_top && is_text(child)) {
      if (!is_blank(child)) return PatchFault::invalid_xml_prolog_operation;
      continue;  // white space outside the root is no node
    }
    after = after ? parent.insert_child_after(child.type(), after) : parent.prepend_child(child.type());
    if (auto fault = copy_into(transplant, child, after)) return fault;
  }
  return std::nullopt;
}

Fault Patcher::copy_into(Transplant& transplant, pugi::xml_node from, pugi::xml_node to) {
  auto fault = transplant.copy(from, to);
  too_deep_ = too_deep_ || transplant.is_too_deep();
  return fault;
}

/// RFC 5261 §4.3.2. One that is there already cannot be added.
Fault Patcher::add_attribute(pugi::xml_node operation, pugi::xml_node element, const AddedType& type) {
  const auto value = value_in(operation);
  if (!value) return PatchFault::invalid_attribute_value;
  if (find_attribute(element, type.attribute, work_)) return PatchFault::invalid_patch_directive;
  const auto name = split(type.text);
  std::string added(name.local);
  if (!name.prefix.empty()) {
    const Transplant transplant(element, operation, depth_, work_);
    const auto prefix = transplant.attribute_prefix(type.attribute.uri, name.prefix);
    if (!prefix) return PatchFault::invalid_namespace_uri;
    added = *prefix + ":" + added;
  } else if (added == "xmlns") {
    return PatchFault::invalid_attribute_value;  // default namespaces come with elements only (§4.2.3)
  }
  element.append_attribute(added.c_str()).set_value(value->c_str());
  return std::nullopt;
}

/// RFC 5261 §4.3.3. It must not change what the names below mean.
Fault Patcher::add_declaration(pugi::xml_node operation, pugi::xml_node element, const std::string& prefix) {
  const auto uri = value_in(operation);
  if (!uri) return PatchFault::invalid_attribute_value;
  if (Scope().declare(prefix, *uri)) return PatchFault::invalid_namespace_uri;
  const auto name = "xmlns:" + prefix;
  if (const auto old = element.attribute(name.c_str()))
    return old.value() == *uri ? Fault() : Fault(PatchFault::invalid_namespace_prefix);
  const auto before = find_namespace(element, prefix, work_);
  if (before && *before != *uri && uses(element, prefix, true)) return PatchFault::invalid_namespace_prefix;
  element.append_attribute(name.c_str()).set_value(uri->c_str());
  return std::nullopt;
}

/// RFC 5261 §4.4.
Fault Patcher::replace(pugi::xml_node operation, const Located& found) {
  if (found.kind == Located::Kind::text) return replace_text(operation, found);
  if (!found.attribute) return replace_node(operation, found);
  const auto value = value_in(operation);
  if (!value) {
    const bool only_text = std::all_of(operation.begin(), operation.end(), is_text);
    return only_text ? PatchFault::invalid_attribute_value : PatchFault::invalid_node_types;
  }
  auto attribute = found.attribute;
  if (found.kind == Located::Kind::declaration && Scope().declare(split(attribute.name()).local, *value))
    return PatchFault::invalid_namespace_uri;
  attribute.set_value(value->c_str());
  return std::nullopt;
}

/// One node by one of the same type (§4.4.1, §4.4.4, §4.4.5).
Fault Patcher::replace_node(pugi::xml_node operation, const Located& found) {
  pugi::xml_node with;
  for (const auto child : operation.children()) {
    if (is_text(child) && is_blank(child)) continue;
    if (with || child.type() != found.node.type()) return PatchFault::invalid_node_types;
    with = child;
  }
  if (!with) return PatchFault::invalid_node_types;
  auto parent = found.node.parent();
  Transplant transplant(parent, operation, depth_, work_);
  auto fresh = parent.insert_child_before(with.type(), found.node);
  parent.remove_child(found.node);
  return copy_into(transplant, with, fresh);
}

/// By nothing, it is removed (§4.4.6).
Fault Patcher::replace_text(pugi::xml_node operation, const Located& found) {
  if (!std::all_of(operation.begin(), operation.end(), is_text)) return PatchFault::invalid_node_types;
  auto parent = found.node.parent();
  for (const auto child : operation.children())
    parent.insert_child_before(child.type(), found.node).set_value(child.value());
  remove_text(found.node);
  return std::nullopt;
}

/// RFC 5261 §4.5.
Fault Patcher::remove(pugi::xml_node operation, const Located& found) {
  auto node = found.node;
  const bool has_neighbours = !found.attribute && found.kind != Located::Kind::text;
  if (!has_neighbours && operation.attribute("ws")) return PatchFault::invalid_whitespace_directive;
  if (has_neighbours) return remove_node(operation, found);
  if (found.kind == Located::Kind::text) {
    remove_text(node);
    return std::nullopt;
  }
  if (found.kind == Located::Kind::declaration && uses(node, split(found.attribute.name()).local, true))
    return PatchFault::invalid_namespace_prefix;
  node.remove_attribute(found.attribute);
  return std::nullopt;
}

/// The white space that goes along must be there (§4.5).
Fault Patcher::remove_node(pugi::xml_node operation, const Located& found) {
  auto parent = found.node.parent();
  if (parent.type() == pugi::node_document && found.kind == Located::Kind::element)
    return PatchFault::invalid_root_element_operation;
  const std::string_view ws = operation.attribute("ws").value();
  const auto before = first_piece(found.node.previous_sibling());
  const auto after = found.node.next_sibling();
  const bool takes_before = ws == "before" || ws == "both";
  const bool takes_after = ws == "after" || ws == "both";
  if ((takes_before && !is_blank_text(before)) || (takes_after && !is_blank_text(after)))
    return PatchFault::invalid_whitespace_directive;
  // The texts on both sides must not run together before each is gone.
  if (takes_before) remove_text(before);
  if (takes_after) remove_text(after);
  parent.remove_child(found.node);
  return std::nullopt;
}

/// Does a name at `element` or below have `prefix` as it is declared there?
bool Patcher::uses(pugi::xml_node element, std::string_view prefix, bool is_top) {
  if (!work_.spend()) return true;
  bool used = split(element.name()).prefix == prefix;
  for (const auto attribute : element.attributes()) {
    if (!is_top && is_declaration_of(attribute.name(), prefix)) return false;
    used = used || split(attribute.name()).prefix == prefix;
    work_.spend();
  }
  if (used) return true;
  for (const auto child : element.children())
    if (child.type() == pugi::node_element && uses(child, prefix, false)) return true;
  return false;
}

}  // namespace rollcall::xml
