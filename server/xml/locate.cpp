// SPDX-License-Identifier: Apache-2.0
#include "locate.hpp"

#include "ids.hpp"
#include "tree.hpp"

#include <string>
#include <utility>
#include <vector>

namespace rollcall::xml {

namespace {

using Nodes = std::vector<pugi::xml_node>;

bool is_element(pugi::xml_node node) {
  return node.type() == pugi::node_element;
}

bool has_name(pugi::xml_node element, const NameTest& name, Work& work) {
  const auto qname = split(element.name());
  return qname.local == name.local &&
         find_namespace(element, qname.prefix, work).value_or(std::string_view()) == name.uri;
}

/// Takes the characters below `node` off the front of `rest`; false when they are not there.
bool take_text(pugi::xml_node node, std::string_view& rest, Work& work) {
  for (const auto child : node.children()) {
    if (!work.spend()) return false;
    if (is_text(child)) {
      const std::string_view piece = child.value();
      if (!rest.starts_with(piece)) return false;
      rest.remove_prefix(piece.size());
      work.spend(piece.size() / 16);
    } else if (is_element(child) && !take_text(child, rest, work)) {
      return false;
    }
  }
  return true;
}

/// Is this the string-value of the element (XPath 1.0 §5.2)?
bool has_value(pugi::xml_node element, std::string_view value, Work& work) {
  return take_text(element, value, work) && value.empty();
}

bool holds(pugi::xml_node element, const Predicate& predicate, Work& work) {
  if (predicate.kind == Predicate::Kind::self) return has_value(element, predicate.value, work);
  if (predicate.kind == Predicate::Kind::attribute) {
    const auto attribute = find_attribute(element, predicate.name, work);
    return attribute && attribute.value() == predicate.value;
  }
  for (const auto child : element.children()) {
    if (!work.spend()) return false;
    if (is_element(child) && has_name(child, predicate.name, work) && has_value(child, predicate.value, work))
      return true;
  }
  return false;
}

bool fits(pugi::xml_node node, const Step& step, Work& work) {
  switch (step.kind) {
    case Step::Kind::any_element:
      return is_element(node);
    case Step::Kind::element:
      return is_element(node) && has_name(node, step.name, work);
    case Step::Kind::text:
      return is_text(node) && !is_text(node.previous_sibling());
    case Step::Kind::comment:
      return node.type() == pugi::node_comment;
    case Step::Kind::instruction:
      return node.type() == pugi::node_pi && (!step.target || *step.target == node.name());
  }
  return false;
}

/// Each predicate counts positions among what the ones before it left (XPath 1.0 §2.4).
Nodes filter(Nodes nodes, const Predicate& predicate, Work& work) {
  Nodes left;
  if (predicate.kind == Predicate::Kind::position) {
    if (predicate.position > 0 && predicate.position <= nodes.size())
      left.push_back(nodes[predicate.position - 1]);
    return left;
  }
  for (const auto node : nodes) {
    if (work.spend() && holds(node, predicate, work)) left.push_back(node);
  }
  return left;
}

Nodes take_step(const Nodes& from, const Step& step, Work& work) {
  Nodes found;
  for (const auto node : from) {
    Nodes here;
    for (const auto child : node.children()) {
      if (!work.spend()) return {};
      if (fits(child, step, work)) here.push_back(child);
    }
    for (const auto& predicate : step.predicates)
      here = filter(std::move(here), predicate, work);
    found.insert(found.end(), here.begin(), here.end());
  }
  return found;
}

bool has_id(pugi::xml_node element, std::string_view id, Work& work) {
  for (const auto attribute : element.attributes()) {
    if (!work.spend()) return false;
    if (attribute.value() == id && is_id(split(attribute.name()), name_of(element).uri)) return true;
  }
  return false;
}

/// All elements with this id, from the first to the last of the document.
Nodes find_ids(pugi::xml_node document, std::string_view id, Work& work) {
  Nodes found;
  auto node = document.first_child();
  while (node && work.spend()) {
    if (is_element(node) && has_id(node, id, work)) found.push_back(node);
    if (node.first_child()) {
      node = node.first_child();
      continue;
    }
    while (node && !node.next_sibling())
      node = node.parent();
    node = node.next_sibling();
  }
  return found;
}

Located::Kind kind_of(pugi::xml_node node) {
  switch (node.type()) {
    case pugi::node_element:
      return Located::Kind::element;
    case pugi::node_comment:
      return Located::Kind::comment;
    case pugi::node_pi:
      return Located::Kind::instruction;
    default:
      return Located::Kind::text;
  }
}

}  // namespace

bool is_text(pugi::xml_node node) {
  return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

pugi::xml_node last_piece(pugi::xml_node text) {
  while (is_text(text.next_sibling()))
    text = text.next_sibling();
  return text;
}

std::optional<std::string_view> find_namespace(pugi::xml_node node, std::string_view prefix, Work& work) {
  if (prefix == "xml") return xml_namespace;
  for (; node; node = node.parent()) {
    for (const auto attribute : node.attributes()) {
      if (!work.spend()) return std::nullopt;
      if (is_declaration_of(attribute.name(), prefix)) return attribute.value();
    }
  }
  if (prefix.empty()) return std::string_view();
  return std::nullopt;
}

pugi::xml_attribute find_attribute(pugi::xml_node element, const NameTest& name, Work& work) {
  for (const auto attribute : element.attributes()) {
    if (!work.spend()) break;
    const auto qname = split(attribute.name());
    if (qname.local != name.local || is_declaration(qname)) continue;
    if (qname.prefix.empty() ? name.uri.empty() : find_namespace(element, qname.prefix, work) == name.uri)
      return attribute;
  }
  return {};
}

std::variant<Located, PatchFault> locate(const pugi::xml_document& document, const Selector& selector,
                                         Work& work) {
  Nodes nodes = selector.id ? find_ids(document, *selector.id, work) : Nodes{document};
  for (const auto& step : selector.steps)
    nodes = take_step(nodes, step, work);
  if (selector.last == Selector::Last::node) {
    if (nodes.size() != 1) return PatchFault::unlocated_node;
    return Located{kind_of(nodes[0]), nodes[0], {}};
  }
  const bool is_attribute = selector.last == Selector::Last::attribute;
  const auto declaration = "xmlns:" + std::string(selector.prefix);
  std::optional<Located> found;
  for (const auto node : nodes) {
    if (!work.spend()) break;
    const auto attribute =
        is_attribute ? find_attribute(node, selector.attribute, work) : node.attribute(declaration.c_str());
    if (!attribute) continue;
    if (found) return PatchFault::unlocated_node;
    found = Located{is_attribute ? Located::Kind::attribute : Located::Kind::declaration, node, attribute};
  }
  if (found) return *found;
  // §5.1: the prefix was used, but its declaration is missing from the target document.
  return is_attribute || nodes.size() != 1 ? PatchFault::unlocated_node
                                           : PatchFault::invalid_namespace_prefix;
}

}  // namespace rollcall::xml
