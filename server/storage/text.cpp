// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <cstdint>

namespace rollcall::storage {

namespace {

constexpr std::string_view escape_lead = "\xF4\x8F";  // first half of every character from U+10F000 on

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0;
}

bool continues(std::string_view text, std::size_t at) {
  return (byte_at(text, at) & 0xC0) == 0x80;
}

// The characters that stand for single bytes: U+10FF00 to U+10FFFF.
bool is_escape(std::string_view text, std::size_t at) {
  return byte_at(text, at) == 0xF4 && byte_at(text, at + 1) == 0x8F && byte_at(text, at + 2) >= 0xBC &&
         continues(text, at + 2) && continues(text, at + 3);
}

// Length of the well-formed UTF-8 character at `at` (RFC 3629 §4); 0 for anything else.
std::size_t character_length(std::string_view text, std::size_t at) {
  const std::uint8_t first = byte_at(text, at);
  const std::uint8_t second = byte_at(text, at + 1);
  if (first < 0x80) return first == 0 ? 0 : 1;
  if (first < 0xC2 || first > 0xF4 || !continues(text, at + 1)) return 0;
  if (first < 0xE0) return 2;
  if (!continues(text, at + 2)) return 0;
  if (first < 0xF0) return (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ? 0 : 3;
  if (!continues(text, at + 3)) return 0;
  return (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) ? 0 : 4;
}

void append_escape(std::string& out, std::uint8_t byte) {
  out += escape_lead;
  out += static_cast<char>(0xBC | byte >> 6);
  out += static_cast<char>(0x80 | (byte & 0x3F));
}

bool is_plain_ascii(std::string_view text) {
  for (const char c : text)
    if (static_cast<signed char>(c) <= 0) return false;
  return true;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

void append_encoded(std::string& out, std::string_view bytes) {
  if (is_plain_ascii(bytes)) {
    out += bytes;
    return;
  }
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = is_escape(bytes, at) ? 0 : character_length(bytes, at);
    if (length == 0) append_escape(out, byte_at(bytes, at));
    out += bytes.substr(at, length);
    at += length == 0 ? 1 : length;
  }
}

std::string encode_text(std::string_view bytes) {
  std::string out;
  append_encoded(out, bytes);
  return out;
}

std::string decode_text(std::string_view text) {
  if (text.find(escape_lead) == std::string_view::npos) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (is_escape(text, at)) {
      out += static_cast<char>((byte_at(text, at + 2) & 0x03) << 6 | (byte_at(text, at + 3) & 0x3F));
      at += 4;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string to_array_literal(const std::vector<std::string>& list) {
  std::string out = "{";
  for (const std::string& element : list) {
    if (out.size() > 1) out += ',';
    out += '"';
    for (const char c : encode_text(element)) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + "}";
}

std::optional<std::vector<std::string>> parse_array_literal(std::string_view text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return std::nullopt;
  std::vector<std::string> list;
  text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    const bool quoted = text.front() == '"';
    std::string element;
    std::size_t at = quoted ? 1 : 0;
    for (; at < text.size() && text[at] != (quoted ? '"' : ','); ++at) {
      if (!quoted && (text[at] == '{' || text[at] == '}')) return std::nullopt;
      if (text[at] == '\\') ++at;
      if (at < text.size()) element += text[at];
    }
    if (quoted && at >= text.size()) return std::nullopt;
    if (!quoted && (element.empty() || element == "NULL")) return std::nullopt;
    if (quoted) ++at;
    if (at < text.size() && (text[at] != ',' || at + 1 == text.size())) return std::nullopt;
    list.push_back(decode_text(element));
    text.remove_prefix(std::min(at + 1, text.size()));
  }
  return list;
}

std::string to_cursor(std::string_view key) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : key) {
    out += digits[static_cast<std::uint8_t>(c) >> 4];
    out += digits[static_cast<std::uint8_t>(c) & 0x0F];
  }
  return out;
}

std::optional<std::string> parse_cursor(std::string_view cursor) {
  if (cursor.size() % 2 != 0) return std::nullopt;
  std::string key;
  for (std::size_t at = 0; at < cursor.size(); at += 2) {
    const int high = hex_value(cursor[at]);
    const int low = hex_value(cursor[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    key += static_cast<char>(high << 4 | low);
  }
  return key;
}

std::string like_pattern(std::string_view part) {
  std::string out = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

}  // namespace rollcall::storage
