// SPDX-License-Identifier: Apache-2.0
// Any XML document as a tree of values, for documents that are read and not composed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/base/text.hpp>
#include <rollcall/xml/fragment.hpp>
#include <rollcall/xml/guard.hpp>

namespace rollcall::xml {

/// One attribute of an element; declarations of namespaces are none.
struct Attribute {
  base::Text namespace_uri;  // "" for an attribute without a prefix
  std::string name;          // without a prefix
  std::string value;
};

/// One element with all that stands in it.
struct Element {
  base::Text namespace_uri;  // "" for none; elements of one declaration share the text
  std::string name;          // without a prefix
  std::vector<Attribute> attributes;
  std::vector<Element> children;
  std::string text;       // the characters directly in it, without white space at the ends
  std::size_t begin = 0;  // where its start tag begins in the document

  /// Is it this kind of element?
  [[nodiscard]] bool is(std::string_view uri, std::string_view of_name) const {
    return name == of_name && namespace_uri == uri;
  }

  /// The attribute of this name that has no namespace; nullptr when there is none.
  [[nodiscard]] const Attribute* attribute(std::string_view of_name) const;
};

/// The root of a document that passes guard(). Errors: those of guard(). Any thread; time linear in
/// the size, memory too, however long the names of its namespaces are.
base::Result<Element> read_document(std::string_view document, Bounds bounds);

/// The element that a fragment is; `begin`s have no meaning.
Element element_of(const Fragment& fragment);

/// Where the element that begins at `begin` of a guarded document ends: behind its last '>'.
std::size_t end_of_element(std::string_view document, std::size_t begin);

/// `value` as it stands between the double quotes of an attribute.
std::string attribute_text(std::string_view value);

}  // namespace rollcall::xml
