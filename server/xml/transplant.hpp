// SPDX-License-Identifier: Apache-2.0
// Copying content from a patch into its target, each name keeping its namespace (RFC 5261 §4.2.3).
#pragma once

#include "locate.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xml/patch.hpp>

#include <pugixml.hpp>

namespace rollcall::xml {

/// Copies nodes out of one patch operation to children of one element of the target.
class Transplant {
 public:
  /// `context`: the element of the target that they come into, or its document. `operation`: the
  /// element that they come from. An element deeper than `depth` is past the bounds.
  Transplant(pugi::xml_node context, pugi::xml_node operation, std::size_t depth, Work& work);

  /// Fills the empty node `to`, of the same type as `from`.
  std::optional<PatchFault> copy(pugi::xml_node from, pugi::xml_node to);

  /// The prefix that the target has for the namespace of an attribute, which is `wanted` in the patch.
  std::optional<std::string> attribute_prefix(std::string_view uri, std::string_view wanted) const;

  [[nodiscard]] bool is_too_deep() const { return too_deep_; }

 private:
  struct Declaration {
    std::string prefix;
    std::string uri;
  };

  std::optional<PatchFault> copy_element(pugi::xml_node from, pugi::xml_node to, std::size_t depth);
  std::optional<PatchFault> copy_attributes(pugi::xml_node from, pugi::xml_node to);
  std::optional<PatchFault> name_element(pugi::xml_node from, pugi::xml_node to);
  void copy_declarations(pugi::xml_node from, pugi::xml_node to);
  [[nodiscard]] bool is_local(std::string_view prefix) const;
  [[nodiscard]] std::optional<std::string> choose(std::string_view uri, std::string_view wanted,
                                                  bool default_too) const;

  pugi::xml_node context_;
  pugi::xml_node operation_;
  std::size_t most_depth_;
  std::size_t context_depth_ = 0;
  Work& work_;
  bool too_deep_ = false;
  std::vector<Declaration> in_scope_;  // at the context, by prefix, the default one first
  std::vector<Declaration> local_;     // in the content, from its top to where we are
};

}  // namespace rollcall::xml
