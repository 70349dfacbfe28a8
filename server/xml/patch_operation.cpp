// SPDX-License-Identifier: Apache-2.0
#include "patch_operation.hpp"

#include "characters.hpp"
#include "escape.hpp"
#include "tree.hpp"
#include "tree_text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace rollcall::xml {

namespace {

// An error document shows where the fault is; it need not return what was sent.
constexpr std::size_t longest_shown = 1'024;

struct FaultRow {
  PatchFault fault;
  std::string_view name, phrase;
};

/// RFC 5261 §5.1.
constexpr FaultRow fault_rows[] = {
    {PatchFault::invalid_attribute_value, "invalid-attribute-value",
     "an attribute has a value it may not have"},
    {PatchFault::invalid_character_set, "invalid-character-set", "the character set is not UTF-8"},
    {PatchFault::invalid_diff_format, "invalid-diff-format", "the patch is not a valid document"},
    {PatchFault::invalid_entity_declaration, "invalid-entity-declaration", "an entity is not declared"},
    {PatchFault::invalid_namespace_prefix, "invalid-namespace-prefix", "a prefix is not declared, or in use"},
    {PatchFault::invalid_namespace_uri, "invalid-namespace-uri",
     "a namespace is not valid, or not declared in the document"},
    {PatchFault::invalid_node_types, "invalid-node-types", "the new content is of another type than the old"},
    {PatchFault::invalid_patch_directive, "invalid-patch-directive", "the operation cannot be carried out"},
    {PatchFault::invalid_root_element_operation, "invalid-root-element-operation",
     "a document has one root element"},
    {PatchFault::invalid_xml_prolog_operation, "invalid-xml-prolog-operation",
     "text cannot stand outside the root element"},
    {PatchFault::invalid_whitespace_directive, "invalid-whitespace-directive",
     "the white space to remove is not there"},
    {PatchFault::unlocated_node, "unlocated-node", "the selector does not find one node"},
    {PatchFault::unsupported_id_function, "unsupported-id-function", "id() is not supported"},
    {PatchFault::unsupported_xml_id, "unsupported-xml-id", "xml:id is not supported"},
};

const FaultRow& row_of(PatchFault fault) {
  return *std::find_if(std::begin(fault_rows), std::end(fault_rows),
                       [fault](const FaultRow& row) { return row.fault == fault; });
}

/// What an attribute of an operation may be; no values: anything.
struct AttributeRow {
  std::string_view operation, attribute;
  std::string_view values[3];
};

constexpr AttributeRow attribute_rows[] = {
    {"add", "sel", {}},    {"add", "pos", {"before", "after", "prepend"}},
    {"add", "type", {}},   {"replace", "sel", {}},
    {"remove", "sel", {}}, {"remove", "ws", {"before", "after", "both"}},
};

std::optional<PatchFault> check_attribute(std::string_view operation, pugi::xml_attribute attribute) {
  const auto name = split(attribute.name());
  if (!name.prefix.empty() || name.text == "xmlns") return std::nullopt;
  const auto* row = std::find_if(
      std::begin(attribute_rows), std::end(attribute_rows),
      [&](const AttributeRow& one) { return one.operation == operation && one.attribute == name.text; });
  if (row == std::end(attribute_rows)) return PatchFault::invalid_patch_directive;
  const auto allowed = [&](std::string_view value) { return value == attribute.value(); };
  if (!row->values[0].empty() && std::none_of(std::begin(row->values), std::end(row->values), allowed))
    return PatchFault::invalid_attribute_value;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(PatchFault fault) {
  return row_of(fault).name;
}

std::string_view phrase_of(PatchFault fault) {
  return row_of(fault).phrase;
}

std::optional<PatchFault> check_operation(pugi::xml_node operation) {
  const auto name = split(operation.name()).local;
  if (name != "add" && name != "replace" && name != "remove") return PatchFault::invalid_patch_directive;
  for (const auto attribute : operation.attributes())
    if (auto fault = check_attribute(name, attribute)) return fault;
  if (!operation.attribute("sel")) return PatchFault::invalid_diff_format;
  if (name != "remove") return std::nullopt;
  const bool is_empty = std::all_of(operation.begin(), operation.end(), [](pugi::xml_node child) {
    return child.type() == pugi::node_pcdata && trim(child.value()).empty();
  });
  return is_empty ? std::optional<PatchFault>() : PatchFault::invalid_diff_format;
}

std::string text_of_operation(pugi::xml_node operation) {
  std::string text = "<";
  text += operation.name();
  std::vector<std::string_view> written;
  for (auto element = operation; element.type() == pugi::node_element; element = element.parent()) {
    for (const auto attribute : element.attributes()) {
      if (element != operation && !is_declaration(split(attribute.name()))) continue;
      if (std::find(written.begin(), written.end(), attribute.name()) != written.end()) continue;
      written.emplace_back(attribute.name());
      append_attribute(text, attribute.name(), attribute.value());
    }
  }
  // It will stand in a document with a default namespace of its own.
  if (std::find(written.begin(), written.end(), "xmlns") == written.end())
    append_attribute(text, "xmlns", {});
  std::string content;
  for (const auto child : operation.children())
    append_node(content, child);
  if (content.empty() || content.size() > longest_shown) return text + "/>";
  return text + ">" + content + "</" + operation.name() + ">";
}

std::string write_patch_error(const PatchError& error) {
  std::string out(xml_declaration);
  out.append("<patch-ops-error xmlns=\"").append(patch_error_namespace).append("\">");
  if (error.fault) {
    // The two kinds whose schema type holds no operation (§9), and those that failed before any.
    const auto name = to_string(*error.fault);
    out.append("<").append(name);
    append_attribute(out, "phrase", error.phrase);
    if (error.operation.empty())
      out += "/>";
    else
      out.append(">").append(error.operation).append("</").append(name).append(">");
  }
  out += "</patch-ops-error>\n";
  return out;
}

}  // namespace rollcall::xml
