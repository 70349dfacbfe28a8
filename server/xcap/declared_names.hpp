// SPDX-License-Identifier: Apache-2.0
// The names that a set of schemas declares.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/xcap/document.hpp>

namespace rollcall::xcap {

/// Schemas leave wildcards where other namespaces may stand, and a validator skips what no declaration
/// fits. RFC 4825 §8.2.5 wants more: an element of a namespace that the server understands is refused
/// when the server has no schema for it.
class DeclaredNames {
 public:
  /// Adds the elements and attributes that a schema document declares, at any depth.
  void add(const Document& schema);

  /// False: the namespace is known here, and nothing in it has that name.
  [[nodiscard]] bool may_be_element(ExpandedName name) const { return may_be(elements_, name); }
  [[nodiscard]] bool may_be_attribute(ExpandedName name) const { return may_be(attributes_, name); }

  [[nodiscard]] bool knows(std::string_view namespace_uri) const;
  [[nodiscard]] const std::vector<std::string>& namespaces() const { return namespaces_; }

 private:
  using Name = std::pair<std::string, std::string>;  // namespace and local name

  // Every element of every document is looked up: without a copy, and by what tells names apart soonest.
  struct ByLocalName {
    using is_transparent = void;
    static std::pair<std::string_view, std::string_view> key(const Name& name) {
      return {name.second, name.first};
    }
    static std::pair<std::string_view, std::string_view> key(ExpandedName name) {
      return {name.local, name.namespace_uri};
    }
    bool operator()(const auto& a, const auto& b) const { return key(a) < key(b); }
  };
  using Names = std::set<Name, ByLocalName>;

  [[nodiscard]] bool may_be(const Names& names, ExpandedName name) const;

  std::vector<std::string> namespaces_;  // sorted
  Names elements_;
  Names attributes_;
};

}  // namespace rollcall::xcap
