// SPDX-License-Identifier: Apache-2.0
// The characters of XML 1.0 (fifth edition), and how they stand in UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <rollcall/xml/text.hpp>

namespace rollcall::xml {

/// One character of UTF-8: its code point and how many bytes it takes. size 0: not valid UTF-8
/// (over-long, surrogate, past U+10FFFF, cut off).
struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;
};

/// The character at the start of `text`, which must not be empty.
Character decode(std::string_view text);

bool is_char(std::uint32_t code);        // production Char
bool is_name_start(std::uint32_t code);  // NameStartChar, without the colon
bool is_name_char(std::uint32_t code);   // NameChar, without the colon

constexpr bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

/// One byte that is an allowed character on its own; of the others decode() tells.
constexpr bool is_plain(char c) {
  return (c >= 0x20 && c <= 0x7E) || c == '\n' || c == '\r' || c == '\t';
}

/// One byte that is a NameChar on its own; of bytes past ASCII decode() tells.
constexpr bool is_ascii_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace rollcall::xml
