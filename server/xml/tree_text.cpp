// SPDX-License-Identifier: Apache-2.0
#include "tree_text.hpp"

#include "escape.hpp"

namespace rollcall::xml {

namespace {

void append_element(std::string& out, pugi::xml_node element) {
  out.append("<").append(element.name());
  for (const auto attribute : element.attributes())
    append_attribute(out, attribute.name(), attribute.value());
  if (!element.first_child()) {
    out += "/>";
    return;
  }
  out += '>';
  for (const auto child : element.children())
    append_node(out, child);
  out.append("</").append(element.name()).append(">");
}

}  // namespace

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out.append(" ").append(name).append("=\"");
  append_attribute_value(out, value);
  out += '"';
}

void append_node(std::string& out, pugi::xml_node node) {
  switch (node.type()) {
    case pugi::node_element:
      return append_element(out, node);
    case pugi::node_pcdata:
      return append_text(out, node.value());
    case pugi::node_cdata:
      out.append("<![CDATA[").append(node.value()).append("]]>");
      return;
    case pugi::node_comment:
      out.append("<!--").append(node.value()).append("-->");
      return;
    case pugi::node_pi:
      out.append("<?").append(node.name());
      if (*node.value() != '\0') out.append(" ").append(node.value());
      out += "?>";
      return;
    default:
      return;
  }
}

std::string text_of(const pugi::xml_document& document) {
  std::string out(xml_declaration);
  for (const auto child : document.children()) {
    append_node(out, child);
    out += '\n';
  }
  return out;
}

}  // namespace rollcall::xml
