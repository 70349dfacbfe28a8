// SPDX-License-Identifier: Apache-2.0
// Finds the elements of a text that is known to be well-formed.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xcap/document.hpp>

namespace rollcall::xcap {

/// Reads a text that passed xml::guard(), and so needs no checks of its own. Used once.
class DocumentReader {
 public:
  explicit DocumentReader(std::string text);

  Document read() &&;

 private:
  void markup();
  void start_tag();
  void attribute(Document::Element& element);
  void resolve(Document::Element& element);
  void end_tag();
  void close(std::uint32_t begin);
  void link(Document::Index index);
  void skip_space();
  std::string_view name();
  void skip_past(std::string_view token, std::size_t from);
  [[nodiscard]] std::string_view find_namespace(std::string_view prefix) const;

  Document document_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Document::Index> open_;        // from the root inwards
  std::vector<Document::Binding> in_scope_;  // from the root inwards
};

}  // namespace rollcall::xcap
