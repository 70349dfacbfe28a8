// SPDX-License-Identifier: Apache-2.0
#include "characters.hpp"

#include <algorithm>
#include <iterator>

namespace rollcall::xml {

namespace {

struct Range {
  std::uint32_t first, last;
};

// Past ASCII.
constexpr Range name_start_ranges[] = {
    {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
    {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
    {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
};

constexpr Range name_only_ranges[] = {
    {0xB7, 0xB7},
    {0x300, 0x36F},
    {0x203F, 0x2040},
};

template <std::size_t N>
bool within(const Range (&ranges)[N], std::uint32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [code](Range range) { return code >= range.first && code <= range.last; });
}

/// How a leading byte begins: its length, its payload bits and the lowest code that may need them.
struct Lead {
  std::size_t size;
  std::uint32_t bits, lowest;
};

Lead read_lead(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if ((byte & 0xE0) == 0xC0) return {2, byte & 0x1FU, 0x80};
  if ((byte & 0xF0) == 0xE0) return {3, byte & 0x0FU, 0x800};
  if ((byte & 0xF8) == 0xF0) return {4, byte & 0x07U, 0x10000};
  return {0, 0, 0};
}

}  // namespace

Character decode(std::string_view text) {
  const auto lead = read_lead(static_cast<unsigned char>(text.front()));
  if (lead.size == 0 || lead.size > text.size()) return {};
  auto code = lead.bits;
  for (std::size_t i = 1; i < lead.size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    code = code << 6 | (byte & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < lead.lowest || code > 0x10FFFF || surrogate) return {};
  return {code, lead.size};
}

bool is_char(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code < 0xD800 || (code > 0xDFFF && code < 0xFFFE) || (code > 0xFFFF && code <= 0x10FFFF);
}

bool is_name_start(std::uint32_t code) {
  if (code < 0x80) return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_';
  return within(name_start_ranges, code);
}

bool is_name_char(std::uint32_t code) {
  if (code < 0x80) return is_ascii_name_char(static_cast<char>(code));
  return is_name_start(code) || within(name_only_ranges, code);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  return text;
}

}  // namespace rollcall::xml
