// SPDX-License-Identifier: Apache-2.0
// The body of a PUT of an element, read where it would stand.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include <rollcall/xcap/conflict.hpp>
#include <rollcall/xcap/document.hpp>
#include <rollcall/xcap/limits.hpp>

namespace rollcall::xcap {

/// One element, with the name that it has in its new place.
struct Fragment {
  std::string_view text;  // of the body, without white space around it
  std::string namespace_uri;
  std::string local;

  [[nodiscard]] ExpandedName expanded() const { return {namespace_uri, local}; }
};

/// Reads a body as a child of `parent` (Document::none: the root node), whose bindings are in scope.
/// Refusals: 409 not-xml-frag when it is not one well-formed element, 413 when it is too large. Linear.
std::variant<Fragment, Refusal> read_fragment(const Document& document, Document::Index parent,
                                              std::string_view body, const Limits& limits);

}  // namespace rollcall::xcap
