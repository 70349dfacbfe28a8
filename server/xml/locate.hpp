// SPDX-License-Identifier: Apache-2.0
// From a selector to the one node of a document that it means.
#pragma once

#include "selector.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include <pugixml.hpp>

namespace rollcall::xml {

/// What is left of the steps that a patch may take.
class Work {
 public:
  explicit Work(std::size_t steps) : left_(steps) {}

  /// False once there is nothing left.
  bool spend(std::size_t steps = 1) {
    left_ -= left_ < steps ? left_ : steps;
    return left_ > 0;
  }
  [[nodiscard]] bool is_spent() const { return left_ == 0; }

 private:
  std::size_t left_;
};

/// The node that was found.
struct Located {
  enum class Kind : std::uint8_t { element, text, comment, instruction, attribute, declaration };
  Kind kind = Kind::element;
  pugi::xml_node node;  // a text: its first piece; an attribute or declaration: its element
  pugi::xml_attribute attribute;
};

/// True for characters, CDATA sections too.
bool is_text(pugi::xml_node node);

/// XPath knows no two texts side by side, so pieces beside each other are one (RFC 5261 §4.3.5).
pugi::xml_node last_piece(pugi::xml_node text);

/// The namespace of `prefix` at `node`, counting what is looked at.
std::optional<std::string_view> find_namespace(pugi::xml_node node, std::string_view prefix, Work& work);

/// The attribute of an element with this expanded name; null when it has none.
pugi::xml_attribute find_attribute(pugi::xml_node element, const NameTest& name, Work& work);

/// The one node that `selector` finds; unlocated_node for none and for several (RFC 5261 §4.1).
std::variant<Located, PatchFault> locate(const pugi::xml_document& document, const Selector& selector,
                                         Work& work);

}  // namespace rollcall::xml
