// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xcap/document.hpp>
#include <rollcall/xdm/buddies.hpp>

namespace rollcall::xdm {

/// The places in a resource-lists document that a view of it is made of, and changes to them. What a change
/// does not name keeps its bytes. Refers to the document.
class BuddyDocument {
 public:
  using Index = xcap::Document::Index;

  explicit BuddyDocument(const xcap::Document& document) : document_(document) {}

  /// An <entry> of a <list>.
  struct Entry {
    Index element = xcap::Document::none;
    Index list = xcap::Document::none;
    std::string uri;  // as in Buddy
  };
  [[nodiscard]] std::vector<Entry> entries() const;
  [[nodiscard]] Buddy buddy(const Entry& entry) const;

  /// The text with one change each.
  [[nodiscard]] std::string renamed(const Entry& entry, const std::string& display_name) const;
  [[nodiscard]] std::string added(const Buddy& buddy) const;
  [[nodiscard]] std::string without(const std::vector<Entry>& entries) const;
  /// The entry in the list of that name, in which it is not yet, with all that it has.
  [[nodiscard]] std::string moved(const Entry& entry, const std::string& group) const;

 private:
  [[nodiscard]] bool is(Index element, std::string_view name) const;
  [[nodiscard]] std::optional<Index> child(Index parent, std::string_view name) const;
  [[nodiscard]] std::optional<Index> list_named(const std::string& group) const;
  [[nodiscard]] std::string inserted(const std::string& group, const std::string& entry) const;
  [[nodiscard]] std::string inside(Index parent, std::string_view text) const;
  [[nodiscard]] std::string prefix_of(Index element) const;
  [[nodiscard]] std::string stand_alone(Index element, const std::optional<Index>& parent) const;

  const xcap::Document& document_;
};

}  // namespace rollcall::xdm
