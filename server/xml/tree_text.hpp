// SPDX-License-Identifier: Apache-2.0
// A parsed document as text again.
#pragma once

#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace rollcall::xml {

inline constexpr std::string_view xml_declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Nothing of a document is lost: white space, comments and processing instructions are nodes.
inline constexpr unsigned parse_whole =
    pugi::parse_default | pugi::parse_comments | pugi::parse_pi | pugi::parse_ws_pcdata;

/// Appends a node and what is in it. Recurses as deep as it is nested, so guard() comes first.
void append_node(std::string& out, pugi::xml_node node);

/// Appends " name=value" for an attribute.
void append_attribute(std::string& out, std::string_view name, std::string_view value);

/// The whole document, with an XML declaration.
std::string text_of(const pugi::xml_document& document);

}  // namespace rollcall::xml
