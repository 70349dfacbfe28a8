// SPDX-License-Identifier: Apache-2.0
#include "names.hpp"

namespace rollcall::xcap {

namespace {

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_name_char(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

}  // namespace

std::string_view read_nc_name(std::string_view text) {
  if (text.empty() || !is_name_start(text[0])) return {};
  std::size_t size = 1;
  while (size < text.size() && is_name_char(text[size]))
    ++size;
  return text.substr(0, size);
}

std::string_view read_qname(std::string_view text) {
  const auto first = read_nc_name(text);
  if (first.empty() || !text.substr(first.size()).starts_with(':')) return first;
  const auto second = read_nc_name(text.substr(first.size() + 1));
  return second.empty() ? std::string_view() : text.substr(0, first.size() + 1 + second.size());
}

}  // namespace rollcall::xcap
