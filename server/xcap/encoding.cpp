// SPDX-License-Identifier: Apache-2.0
#include "encoding.hpp"

#include <algorithm>
#include <cstdint>

#include <rollcall/xml/guard.hpp>

namespace rollcall::xcap {

namespace {

using Byte = unsigned char;

/// Length of the character at the front of `text`, which is not empty; 0 when it is not valid.
std::size_t character_size(std::string_view text) {
  const auto lead = static_cast<Byte>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((static_cast<Byte>(text[i]) & 0xC0) != 0x80) return 0;
  const auto second = static_cast<Byte>(text[1]);
  // Over-long forms, surrogates, and what lies past U+10FFFF.
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
  return size;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  return static_cast<Byte>(c) < 0x20 || c == 0x7F;
}

/// US-ASCII is a part of UTF-8.
bool is_utf8_name(std::string_view charset) {
  return equal_without_case(charset, "utf-8") || equal_without_case(charset, "us-ascii");
}

/// The encoding that an XML declaration names, "" when it names none.
std::string_view declared_encoding(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  if (!body.starts_with("<?xml")) return {};
  const auto declaration = body.substr(0, body.find("?>"));
  constexpr std::string_view word = "encoding";
  const auto at = declaration.find(word);
  if (at == std::string_view::npos) return {};
  const auto open = declaration.find_first_of("\"'", at + word.size());
  if (open == std::string_view::npos) return {};
  const auto close = declaration.find(declaration[open], open + 1);
  return declaration.substr(open + 1, close == std::string_view::npos ? 0 : close - open - 1);
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool is_utf8_document(std::string_view body, std::string_view charset) {
  constexpr std::string_view utf16_big("\0<", 2);
  constexpr std::string_view utf16_little("<\0", 2);
  if (body.starts_with(utf16_big) || body.starts_with(utf16_little)) return false;
  if (!charset.empty() && !is_utf8_name(charset)) return false;
  const auto declared = declared_encoding(body);
  return (declared.empty() || is_utf8_name(declared)) && is_utf8(body);
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high << 4 | low);
      i += 2;
    }
    if (is_control(c)) return std::nullopt;
    out += c;
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&()*+,;=:@";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    out += '%';
    out += digits[static_cast<Byte>(c) >> 4];
    out += digits[static_cast<Byte>(c) & 0xF];
  }
  return out;
}

bool is_att_value(std::string_view text) {
  if (text.size() < 2 || (text[0] != '"' && text[0] != '\'') || text.back() != text[0]) return false;
  if (text.find(text[0], 1) != text.size() - 1) return false;
  const std::string element = "<a b=" + std::string(text) + "/>";
  return xml::guard(element, {element.size(), 1}).ok();
}

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [lower](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace rollcall::xcap
