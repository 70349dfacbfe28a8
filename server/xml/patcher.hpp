// SPDX-License-Identifier: Apache-2.0
// One patch operation after the other, carried out on a tree.
#pragma once

#include "locate.hpp"
#include "selector.hpp"
#include "transplant.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/xml/patch.hpp>

#include <pugixml.hpp>

namespace rollcall::xml {

/// Is a text nothing but white space?
bool is_blank(pugi::xml_node text);

/// Applies operations to one document, which is of no use after a fault. One thread.
class Patcher {
 public:
  using Fault = std::optional<PatchFault>;

  Patcher(pugi::xml_document& target, const PatchBounds& bounds)
      : target_(target), depth_(bounds.document.depth), work_(bounds.steps) {}

  /// Carries out one <add>, <replace> or <remove>; nullopt when it is done.
  Fault apply(pugi::xml_node operation);

  /// Once this is true, a fault means nothing.
  [[nodiscard]] bool is_past_bounds() const { return work_.is_spent() || too_deep_; }

 private:
  enum class Place : std::uint8_t { append, prepend, before, after };

  Fault add(pugi::xml_node operation, const Located& found);
  Fault add_nodes(pugi::xml_node operation, const Located& found, Place place);
  Fault add_attribute(pugi::xml_node operation, pugi::xml_node element, const AddedType& type);
  Fault add_declaration(pugi::xml_node operation, pugi::xml_node element, const std::string& prefix);
  Fault replace(pugi::xml_node operation, const Located& found);
  Fault replace_node(pugi::xml_node operation, const Located& found);
  Fault replace_text(pugi::xml_node operation, const Located& found);
  Fault remove(pugi::xml_node operation, const Located& found);
  Fault remove_node(pugi::xml_node operation, const Located& found);
  Fault copy_into(Transplant& transplant, pugi::xml_node from, pugi::xml_node to);
  bool uses(pugi::xml_node element, std::string_view prefix, bool is_top);

  pugi::xml_document& target_;
  std::size_t depth_;
  Work work_;
  bool too_deep_ = false;
};

}  // namespace rollcall::xml
