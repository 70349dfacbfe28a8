// SPDX-License-Identifier: Apache-2.0
#include "scanner.hpp"

#include <rollcall/sip/headers/params.hpp>

namespace rollcall::sip {

namespace {

/// gen-value: a token, a host (also IPv6 without brackets, RFC 5118 §4.5) or a quoted string.
bool take_value(Scanner& in, std::string_view& value) {
  if (in.next_is('"')) {
    const auto quoted = in.quoted_string();
    value = quoted.value_or(std::string_view{});
    return quoted.has_value();
  }
  value = in.take_all(value_chars);
  return !value.empty();
}

}  // namespace

base::Result<Params> Params::parse(std::string_view text) {
  Scanner in(text);
  SeenNames names;
  Params params;
  params.text_ = text;
  while (!trim(in.rest()).empty()) {
    const auto before = text.substr(0, static_cast<std::size_t>(in.position() - text.data()));
    if (!in.separator(';')) return base::malformed("rubbish after a value");
    const auto name = in.token();
    if (name.empty()) return base::malformed("a parameter without a name");
    std::string_view value;
    if (in.separator('=') && !take_value(in, value)) return base::malformed("a parameter without a value");
    if (names.maybe_seen(name)) {
      Params earlier;
      earlier.text_ = before;
      if (earlier.has(name)) return base::malformed("a parameter that stands twice");
    }
    if (names.too_many()) return base::malformed("too many parameters");
  }
  return params;
}

bool Params::Cursor::next() {
  Scanner in(rest);
  if (!in.separator(';')) return false;
  name = in.token();
  value = {};
  if (in.separator('=')) take_value(in, value);
  rest = in.rest();
  return !name.empty();
}

std::optional<std::string_view> Params::get(std::string_view name) const {
  for (auto c = cursor(); c.next();) {
    if (equal_ignoring_case(c.name, name)) return c.value;
  }
  return std::nullopt;
}

std::string unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    // CR and LF cannot be escaped (RFC 3261 §25.1).
    if (c == '\r' || c == '\n') continue;
    if (c == '"' || c == '\\' || (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
      quoted += '\\';
    quoted += c;
  }
  return quoted += '"';
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  return text;
}

std::optional<std::uint32_t> parse_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (!is_in(c, digit_chars)) return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
    if (number > UINT32_MAX) return std::nullopt;
  }
  return static_cast<std::uint32_t>(number);
}

bool is_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto byte = [&text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const auto lead = byte(i++);
    if (lead < 0x80) continue;
    const int more = lead >= 0xc2 && lead <= 0xdf   ? 1
                     : lead >= 0xe0 && lead <= 0xef ? 2
                     : lead >= 0xf0 && lead <= 0xf4 ? 3
                                                    : 0;
    if (more == 0 || text.size() - i < static_cast<std::size_t>(more)) return false;
    // The first byte after these leads is narrowed, against overlong forms, surrogates and what is
    // past U+10FFFF (RFC 3629 §4).
    const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte(i) < low || byte(i) > high) return false;
    for (int k = 1; k < more; ++k) {
      if ((byte(i + static_cast<std::size_t>(k)) & 0xc0) != 0x80) return false;
    }
    i += static_cast<std::size_t>(more);
  }
  return true;
}

}  // namespace rollcall::sip
