// SPDX-License-Identifier: Apache-2.0
#include "characters.hpp"
#include "escape.hpp"
#include "scope.hpp"

#include <algorithm>
#include <unordered_map>

#include <rollcall/xml/element.hpp>
#include <rollcall/xml/namespaces.hpp>

#include <pugixml.hpp>

namespace rollcall::xml {

namespace {

constexpr auto npos = std::string_view::npos;

class TreeReader {
 public:
  /// Goes as deep as guard() lets a document go.
  Element read(pugi::xml_node node) {
    const auto around = scope_.size();
    declare(node);
    Element element;
    const auto name = split(node.name());
    element.name = name.local;
    element.namespace_uri = shared(scope_.find(name.prefix).value_or(std::string_view()));
    element.begin = static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 1)) - 1;
    read_attributes(node, element);
    for (const auto child : node.children()) {
      if (child.type() == pugi::node_element) {
        element.children.push_back(read(child));
      } else {
        element.text += child.value();
      }
    }
    element.text = std::string(trim(element.text));
    scope_.shrink(around);
    return element;
  }

 private:
  void declare(pugi::xml_node node) {
    for (const auto attribute : node.attributes()) {
      const auto name = split(attribute.name());
      if (name.prefix == "xmlns") scope_.declare(name.local, attribute.value());
      if (name.text == "xmlns") scope_.declare("", attribute.value());
    }
  }

  void read_attributes(pugi::xml_node node, Element& element) {
    for (const auto attribute : node.attributes()) {
      const auto name = split(attribute.name());
      if (name.prefix == "xmlns" || name.text == "xmlns") continue;
      const auto uri = name.prefix.empty() ? std::string_view() : scope_.find(name.prefix).value_or("");
      element.attributes.push_back({shared(uri), std::string(name.local), attribute.value()});
    }
  }

  /// A declaration may be long and serve thousands of elements: it is told by its place, and kept once.
  base::Text shared(std::string_view uri) {
    const auto [entry, is_new] = texts_.try_emplace(uri.data());
    if (is_new) entry->second = base::Text(uri);
    return entry->second;
  }

  Scope scope_;
  std::unordered_map<const char*, base::Text> texts_;
};

std::size_t behind(std::string_view document, std::string_view mark, std::size_t from) {
  const auto at = document.find(mark, from);
  return at == npos ? document.size() : at + mark.size();
}

/// Behind the '>' of the tag that begins at `at`; one within quotes does not count.
std::size_t end_of_tag(std::string_view document, std::size_t at) {
  while (at < document.size() && document[at] != '>') {
    const char c = document[at];
    at = c == '"' || c == '\'' ? document.find(c, at + 1) : at;
    if (at == npos) return document.size();
    ++at;
  }
  return std::min(at + 1, document.size());
}

}  // namespace

const Attribute* Element::attribute(std::string_view of_name) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& one) {
    return one.name == of_name && one.namespace_uri.empty();
  });
  return found == attributes.end() ? nullptr : &*found;
}

base::Result<Element> read_document(std::string_view document, Bounds bounds) {
  if (auto sound = guard(document, bounds); !sound) return sound.error();
  pugi::xml_document tree;
  if (!tree.load_buffer(document.data(), document.size(), pugi::parse_default, pugi::encoding_utf8))
    return base::malformed("XML: not readable");
  return TreeReader().read(tree.document_element());
}

Element element_of(const Fragment& fragment) {
  std::string text = "<fragment";
  for (const auto& row : known_namespaces()) {
    text.append(row.prefix.empty() ? " xmlns" : " xmlns:").append(row.prefix);
    text.append("=\"").append(row.uri).append("\"");
  }
  text.append(">").append(fragment.text).append("</fragment>");
  pugi::xml_document tree;
  if (!tree.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8)) return {};
  auto root = TreeReader().read(tree.document_element());
  return root.children.empty() ? Element() : std::move(root.children.front());
}

std::size_t end_of_element(std::string_view document, std::size_t begin) {
  std::size_t depth = 0;
  for (auto at = document.find('<', begin); at < document.size(); at = document.find('<', at)) {
    const auto rest = document.substr(at);
    if (rest.starts_with("<!--")) {
      at = behind(document, "-->", at + 4);
    } else if (rest.starts_with("<![CDATA[")) {
      at = behind(document, "]]>", at);
    } else if (rest.starts_with("<?")) {
      at = behind(document, "?>", at);
    } else {
      at = end_of_tag(document, at);
      const bool is_empty = document[at - 2] == '/';
      if (rest.starts_with("</")) {
        --depth;
      } else if (!is_empty) {
        ++depth;
      }
      if (depth == 0) return at;
    }
  }
  return document.size();
}

std::string attribute_text(std::string_view value) {
  std::string text;
  append_attribute_value(text, value);
  return text;
}

}  // namespace rollcall::xml
