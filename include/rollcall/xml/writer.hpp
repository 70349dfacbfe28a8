// SPDX-License-Identifier: Apache-2.0
// Writing an XML document from the front to the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xml/element.hpp>

namespace rollcall::xml {

/// A document that grows. Names are taken as they are and must outlive the writer, so they are literals;
/// values are escaped, and what no XML document may hold (control characters, broken UTF-8) becomes
/// U+FFFD, so that whatever a stranger called himself, the document is well-formed.
class Writer {
 public:
  /// Begins a document whose root is in `namespace_uri`, the default namespace.
  Writer(std::string_view root, std::string_view namespace_uri);

  /// Opens an element in the one that is open.
  Writer& open(std::string_view name);
  /// Attributes of the tag just opened. The second writes nothing for nothing.
  Writer& attribute(std::string_view name, std::string_view value);
  Writer& attribute(std::string_view name, std::optional<std::uint64_t> value);
  Writer& attribute_if_any(std::string_view name, std::string_view value);
  Writer& text(std::string_view text);
  Writer& close();

  /// An element that holds nothing but a text; the second writes nothing for nothing.
  Writer& element(std::string_view name, std::string_view text);
  Writer& element_if_any(std::string_view name, std::string_view text);

  /// An element that was read from elsewhere, with its namespaces declared on the spot.
  Writer& element(const Element& element);

  /// XML that stands alone, as it is.
  Writer& raw(std::string_view xml);

  /// Bytes so far, the tag that is open counted as it stands.
  [[nodiscard]] std::size_t size() const { return out_.size(); }

  /// Closes what is open and hands out the document.
  std::string take();

 private:
  void end_tag();

  std::string out_;
  std::string namespace_uri_;
  std::vector<std::string_view> open_;
  bool in_tag_ = false;
};

/// `text` with U+FFFD for whatever XML does not allow.
std::string sound_text(std::string_view text);

}  // namespace rollcall::xml
