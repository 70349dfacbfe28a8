// SPDX-License-Identifier: Apache-2.0
// An XML document as XCAP sees it: where each element and attribute stands in the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/xml/guard.hpp>

namespace rollcall::xcap {

/// A name after its prefix is resolved (Namespaces in XML 1.0 §2.1).
struct ExpandedName {
  std::string_view namespace_uri;  // "" for none
  std::string_view local;

  friend bool operator==(const ExpandedName&, const ExpandedName&) = default;
};

/// A document that passed xml::guard(), and an index over its text. It never changes: an edit makes a
/// new text, in which everything else keeps its bytes, and a new Document of that. Copies share the
/// text and are cheap to keep; views that it hands out live as long as one of them. Any thread.
class Document {
 public:
  using Index = std::uint32_t;  // of an element, in document order; the root element is 0
  static constexpr Index none = ~Index{0};

  struct Element {
    std::string_view name;  // as written, with its prefix
    ExpandedName expanded;
    Index parent = none;  // of the root element: none
    Index first_child = none;
    Index last_child = none;
    Index next = none;             // sibling element
    std::uint32_t begin = 0;       // of the start tag
    std::uint32_t tag_end = 0;     // where a further attribute goes: past the last one, or past the name
    std::uint32_t open_end = 0;    // past the start tag
    std::uint32_t close = 0;       // of the end tag; open_end in an empty-element tag
    std::uint32_t end = 0;         // past the end tag
    std::uint32_t attributes = 0;  // first row
    std::uint32_t attribute_count = 0;
    std::uint32_t declarations = 0;  // first row
    std::uint32_t declaration_count = 0;

    [[nodiscard]] bool is_empty_tag() const { return open_end == end; }
  };

  /// An attribute. A namespace declaration is none (RFC 4825 §6.3).
  struct Attribute {
    std::string_view name;  // as written
    ExpandedName expanded;
    std::uint32_t begin = 0;  // past what stands before it: the white space belongs to the attribute
    std::uint32_t value = 0;  // of the opening quote
    std::uint32_t end = 0;    // past the closing quote
  };

  struct Binding {
    std::string_view prefix;  // "": the default namespace
    std::string_view uri;

    friend bool operator==(const Binding&, const Binding&) = default;
  };

  /// Errors: those of xml::guard(). Linear in the size.
  static base::Result<Document> parse(std::string text, xml::Bounds bounds);

  [[nodiscard]] const std::string& text() const { return *text_; }
  [[nodiscard]] Index size() const { return static_cast<Index>(elements_.size()); }
  [[nodiscard]] const Element& element(Index index) const { return elements_[index]; }
  /// Child elements are first_child and on by next; of `none`, the root node, it is the root element.
  [[nodiscard]] Index first_child(Index parent) const {
    return parent == none ? 0 : elements_[parent].first_child;
  }
  [[nodiscard]] std::span<const Attribute> attributes(Index index) const;
  /// nullptr when the element has no such attribute.
  [[nodiscard]] const Attribute* find_attribute(Index index, ExpandedName name) const;

  /// An element, from its first bracket to its last.
  [[nodiscard]] std::string_view element_text(Index index) const;
  /// An attribute's value with its quotes, as written (AttValue of XML 1.0).
  [[nodiscard]] std::string_view quoted_value(const Attribute& attribute) const;
  /// An attribute's value as XML reads it: references resolved, white space made spaces.
  [[nodiscard]] std::string value(const Attribute& attribute) const;
  /// Whether that is `text`; seldom needs a copy.
  [[nodiscard]] bool has_value(const Attribute& attribute, std::string_view text) const;
  /// The value of an attribute without a namespace, nullopt when it is not there.
  [[nodiscard]] std::optional<std::string> value(Index index, std::string_view name) const;
  /// The characters that stand directly in an element, without those of its children.
  [[nodiscard]] std::string characters(Index index) const;

  /// The bindings in scope of an element, the innermost of each prefix, without "xml" and without an
  /// undeclared default. The default comes first, the others follow sorted (RFC 4825 §10).
  [[nodiscard]] std::vector<Binding> bindings(Index index) const;

 private:
  friend class DocumentReader;

  std::shared_ptr<const std::string> text_;  // shared by copies, so that the views in the rows stay good
  std::vector<Element> elements_;
  std::vector<Attribute> attributes_;
  std::vector<Binding> declarations_;
};

/// What references and line ends in `raw` stand for (XML 1.0 §2.11, §4.1). `raw` must have passed
/// xml::guard(), or be free of references. In an attribute white space becomes spaces (§3.3.3).
std::string decode_text(std::string_view raw, bool in_attribute);

}  // namespace rollcall::xcap
