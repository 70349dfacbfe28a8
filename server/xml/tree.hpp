// SPDX-License-Identifier: Apache-2.0
// What pugixml leaves to its users: namespaces, text in several pieces, inherited language.
#pragma once

#include "scope.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace rollcall::xml {

/// Does an attribute of this name declare `prefix` ("" for the default)?
bool is_declaration_of(const char* name, std::string_view prefix);

/// Does an attribute of this name declare any?
bool is_declaration(const QName& attribute);

/// The namespace that `prefix` ("" for the default) has at `node`: "" for none, nullopt for an
/// unbound prefix.
std::optional<std::string_view> find_namespace(pugi::xml_node node, std::string_view prefix);

/// What an element of a guarded document is.
struct ElementName {
  std::string_view uri;  // "" for no namespace
  std::string_view local;

  [[nodiscard]] bool is(std::string_view of_uri, std::string_view name) const {
    return local == name && uri == of_uri;
  }
};

ElementName name_of(pugi::xml_node element);

/// All characters that stand directly in an element. Not in what is nested.
std::string text_of(pugi::xml_node element);

/// The xml:lang in force at an element, "" for none.
std::string_view language_of(pugi::xml_node element);

}  // namespace rollcall::xml
