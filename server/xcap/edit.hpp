// SPDX-License-Identifier: Apache-2.0
// Changes to a document. What they do not name keeps its bytes.
#pragma once

#include "fragment.hpp"

#include <string_view>
#include <variant>

#include <rollcall/xcap/conflict.hpp>
#include <rollcall/xcap/document.hpp>
#include <rollcall/xcap/limits.hpp>
#include <rollcall/xcap/selector.hpp>

namespace rollcall::xcap {

/// The document after a change.
struct Edit {
  Document document;
  bool created = false;  // the node was not there before
};

/// Creates or replaces the element that the selector points at, below `parent`, where the steps before
/// its last one lead (RFC 4825 §8.2.3, §8.2.4). Refusals: 409 cannot-insert when the selector would not
/// find the new element, 413 when the document would be too large.
std::variant<Edit, Refusal> put_element(const Document& document, const NodeSelector& selector,
                                        Document::Index parent, const Fragment& fragment,
                                        const Limits& limits);

/// Creates or replaces the attribute of `element` that the selector points at. `value` has its quotes.
/// A prefix that is not bound there is declared with it. Refusals as above.
std::variant<Edit, Refusal> put_attribute(const Document& document, const NodeSelector& selector,
                                          Document::Index element, std::string_view value,
                                          const Limits& limits);

/// Takes away what the selector points at, and nothing around it (RFC 4825 §8.4). Refusals: 404 when it
/// finds nothing; 409 cannot-delete when it would find something else afterwards, schema-validation-error
/// for the root element, without which there is no document.
std::variant<Edit, Refusal> remove_node(const Document& document, const NodeSelector& selector,
                                        const Limits& limits);

}  // namespace rollcall::xcap
