// SPDX-License-Identifier: Apache-2.0
#include "escape.hpp"

namespace rollcall::xml {

namespace {

/// A bare carriage return would be read back as a line feed, and white space other than a space in
/// an attribute as a space (XML 1.0 §2.11, §3.3.3).
std::string_view replacement(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    default:
      return "&#13;";
  }
}

template <class IsSpecial>
void append(std::string& out, std::string_view text, IsSpecial is_special) {
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_special(text[at])) continue;
    out.append(text, done, at - done).append(replacement(text[at]));
    done = at + 1;
  }
  out.append(text, done);
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
  append(out, text, [](char c) { return c == '&' || c == '<' || c == '>' || c == '\r'; });
}

void append_attribute_value(std::string& out, std::string_view value) {
  append(out, value, [](char c) {
    return c == '&' || c == '<' || c == '>' || c == '"' || c == '\t' || c == '\n' || c == '\r';
  });
}

}  // namespace rollcall::xml
