// SPDX-License-Identifier: Apache-2.0
// Characters as they stand in URIs and bodies.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rollcall/xml/text.hpp>

namespace rollcall::xcap {

/// Whether the text is valid UTF-8 (RFC 3629 §4).
bool is_utf8(std::string_view text);

/// Whether an XML body can be UTF-8: its bytes are, and neither its first bytes nor its declaration
/// nor the charset of its Content-Type ("" when there is none) say otherwise (RFC 4825 §8.2.2).
bool is_utf8_document(std::string_view body, std::string_view charset);

/// Undoes %HH (RFC 3986 §2.1). nullopt: a broken escape, or the result is no UTF-8 or has control
/// characters.
std::optional<std::string> percent_decode(std::string_view text);

/// Escapes what may not stand in a path segment (RFC 3986 §3.3), and quotes and brackets with it.
std::string percent_encode(std::string_view text);

/// `text` is a quoted value as it may stand in a start tag (AttValue of XML 1.0).
bool is_att_value(std::string_view text);

/// Comparison of ASCII without case.
bool equal_without_case(std::string_view a, std::string_view b);

}  // namespace rollcall::xcap
