// SPDX-License-Identifier: Apache-2.0
// The part of XPath with which patch operations name one node (RFC 5261 §4.1, §8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include <rollcall/xml/patch.hpp>

#include <pugixml.hpp>

namespace rollcall::xml {

/// The name of an element or attribute, its prefix resolved.
struct NameTest {
  std::string_view uri;  // "" for no namespace
  std::string_view local;
};

/// What stands in square brackets.
struct Predicate {
  enum class Kind : std::uint8_t { attribute, child, self, position };
  Kind kind = Kind::position;
  NameTest name;           // of the attribute or child
  std::string_view value;  // that it must have
  std::size_t position = 0;
};

/// What stands between two slashes.
struct Step {
  enum class Kind : std::uint8_t { any_element, element, text, comment, instruction };
  Kind kind = Kind::element;
  NameTest name;                           // of an element
  std::optional<std::string_view> target;  // of a processing instruction
  std::vector<Predicate> predicates;
};

/// A selector. Its views point into the value of the attribute and into the patch.
struct Selector {
  enum class Last : std::uint8_t { node, attribute, declaration };
  std::optional<std::string_view> id;  // where it starts; nullopt: at the document
  std::vector<Step> steps;
  Last last = Last::node;
  NameTest attribute;       // when it ends in @name
  std::string_view prefix;  // when it ends in namespace::prefix
};

/// Reads `text`, whose prefixes are those in force at `operation` (RFC 5261 §4.2.1).
std::variant<Selector, PatchFault> read_selector(std::string_view text, pugi::xml_node operation);

/// What the attribute 'type' of an <add> names: "@name" or "namespace::prefix".
struct AddedType {
  std::string_view text;    // "name" or "p:name" as written
  NameTest attribute;       // its local name is "" for a namespace
  std::string_view prefix;  // of a namespace
};
std::variant<AddedType, PatchFault> read_added_type(std::string_view text, pugi::xml_node operation);

}  // namespace rollcall::xml
