// SPDX-License-Identifier: Apache-2.0
// Node selectors: the part of an XCAP URI that points into a document (RFC 4825 §6.3).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <rollcall/xcap/conflict.hpp>
#include <rollcall/xcap/document.hpp>

namespace rollcall::xcap {

/// A name in a selector: as it was written, and the namespace that its prefix stands for.
struct SelectorName {
  std::string prefix;
  std::string local;
  std::string namespace_uri;

  [[nodiscard]] ExpandedName expanded() const { return {namespace_uri, local}; }
  friend bool operator==(const SelectorName&, const SelectorName&) = default;
};

/// [@name="value"]
struct AttributeTest {
  SelectorName name;
  std::string value;  // references resolved

  friend bool operator==(const AttributeTest&, const AttributeTest&) = default;
};

/// One step: by-name, by-pos, by-attr or by-pos-attr.
struct Step {
  bool any = false;  // the name is "*"
  SelectorName name;
  std::optional<std::uint32_t> position;  // from 1; what is too large for a document is the largest
  std::optional<AttributeTest> attribute;

  friend bool operator==(const Step&, const Step&) = default;
};

/// What the whole selector points at.
enum class Target : std::uint8_t { element, attribute, namespaces };

struct NodeSelector {
  std::vector<Step> steps;  // at least one
  Target target = Target::element;
  SelectorName attribute;  // when the target is one

  friend bool operator==(const NodeSelector&, const NodeSelector&) = default;
};

/// Prefixes and their namespaces, in the order given; of equal prefixes the last counts.
using SelectorBindings = std::vector<std::pair<std::string, std::string>>;

/// Reads the query of an XCAP URI, still percent-encoded: xmlns() parts of an XPointer; parts of other
/// schemes are ignored (RFC 4825 §6.4). Refusal: 400 when it is no XPointer expression.
std::variant<SelectorBindings, Refusal> parse_query(std::string_view query);

/// Reads a node selector and the query that goes with it, both still percent-encoded. Unprefixed
/// element names are in `default_namespace`, unprefixed attributes in none.
///
/// Refusals: 404 for a step that is none of this grammar, since it can only be an extension that we do
/// not know (RFC 4825 §8); 400 for a prefix without a binding, an empty step, a broken escape or query.
std::variant<NodeSelector, Refusal> parse_node_selector(std::string_view selector, std::string_view query,
                                                        std::string_view default_namespace);

/// What a step finds among the children of one element.
struct Match {
  enum class Count : std::uint8_t { none, one, several };

  Count count = Count::none;
  Document::Index element = Document::none;  // when it is one

  [[nodiscard]] bool is_one() const { return count == Count::one; }
};

/// Evaluates one step below `parent`; Document::none is the root node. Linear in its children.
Match select_child(const Document& document, Document::Index parent, const Step& step);

/// Evaluates steps from the root node; each has to find just one element. Linear in the document.
Match select(const Document& document, std::span<const Step> steps);

/// The attribute that a selector with such a target points at, nullptr for none.
const Document::Attribute* select_attribute(const Document& document, const NodeSelector& selector);

/// Whether the selector finds its target, whatever that is.
bool selects(const Document& document, const NodeSelector& selector);

/// The element passes the test of a step on its attributes.
bool has_attribute(const Document& document, Document::Index element, const AttributeTest& test);

/// Steps as they stand in a URI, with the query that binds their prefixes when they have any. What
/// comes out reads back as the same steps.
std::string write(std::span<const Step> steps);

}  // namespace rollcall::xcap
