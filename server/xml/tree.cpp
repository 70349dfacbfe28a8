// SPDX-License-Identifier: Apache-2.0
#include "tree.hpp"

namespace rollcall::xml {

bool is_declaration_of(const char* name, std::string_view prefix) {
  // Asked for every attribute between an element and the root, and most are none.
  if (name[0] != 'x') return false;
  std::string_view attribute(name);
  if (!attribute.starts_with("xmlns")) return false;
  attribute.remove_prefix(5);
  if (prefix.empty()) return attribute.empty();
  return attribute.starts_with(':') && attribute.substr(1) == prefix;
}

bool is_declaration(const QName& attribute) {
  return attribute.text == "xmlns" || attribute.prefix == "xmlns";
}

std::optional<std::string_view> find_namespace(pugi::xml_node node, std::string_view prefix) {
  if (prefix == "xml") return xml_namespace;
  for (; node; node = node.parent()) {
    for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
      if (is_declaration_of(attribute.name(), prefix)) return attribute.value();
    }
  }
  if (prefix.empty()) return std::string_view();
  return std::nullopt;
}

ElementName name_of(pugi::xml_node element) {
  const auto name = split(element.name());
  return {find_namespace(element, name.prefix).value_or(std::string_view()), name.local};
}

std::string text_of(pugi::xml_node element) {
  std::string text;
  for (const auto child : element.children())
    text += child.value();
  return text;
}

std::string_view language_of(pugi::xml_node element) {
  for (; element; element = element.parent()) {
    if (const auto attribute = element.attribute("xml:lang")) return attribute.value();
  }
  return {};
}

}  // namespace rollcall::xml
