// SPDX-License-Identifier: Apache-2.0
#include "escapes.hpp"

#include "scanner.hpp"

#include <algorithm>

#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::sip {

namespace {

constexpr int hex_value(char c) {
  return c <= '9' ? c - '0' : lower(c) - 'a' + 10;
}

bool is_escape(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && is_in(text[1], hex_chars) && is_in(text[2], hex_chars);
}

char unescaped(std::string_view escape) {
  return static_cast<char>(hex_value(escape[1]) * 16 + hex_value(escape[2]));
}

/// Takes one character: its value, above 255 for an escaped reserved one; -1 at the end.
int take_character(std::string_view& text, Case letters) {
  if (text.empty()) return -1;
  char c = text.front();
  bool apart = false;
  if (is_escape(text)) {
    c = unescaped(text);
    apart = is_in(c, reserved_chars);
    text.remove_prefix(2);
  }
  text.remove_prefix(1);
  if (letters == Case::ignore) c = lower(c);
  return static_cast<unsigned char>(c) + (apart ? 256 : 0);
}

}  // namespace

bool equal_escaped(std::string_view a, std::string_view b, Case letters) {
  for (;;) {
    const int left = take_character(a, letters);
    if (left != take_character(b, letters)) return false;
    if (left < 0) return true;
  }
}

bool PairCursor::next() {
  if (rest.empty()) return false;
  const auto pair = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
  const auto equals = pair.find('=');
  name = pair.substr(0, equals);
  has_value = equals != std::string_view::npos;
  value = has_value ? pair.substr(equals + 1) : std::string_view{};
  return true;
}

std::optional<std::string_view> find_pair(std::string_view pairs, char separator, std::string_view name) {
  for (PairCursor c{pairs, separator}; c.next();) {
    if (equal_escaped(c.name, name, Case::ignore)) return c.value;
  }
  return std::nullopt;
}

std::string unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const bool escape = is_escape(text);
    plain += escape ? unescaped(text) : text.front();
    text.remove_prefix(escape ? 3 : 1);
  }
  return plain;
}

}  // namespace rollcall::sip
