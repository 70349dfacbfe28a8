// SPDX-License-Identifier: Apache-2.0
#include "copy_rows.hpp"

#include <algorithm>

namespace rollcall::storage {

namespace {

char unescaped(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    default:
      return c;
  }
}

// Undoes backslashes in place; the new end.
char* unescape(char* begin, char* end) {
  char* out = std::find(begin, end, '\\');
  for (const char* in = out; in != end; ++in) {
    if (*in == '\\' && in + 1 != end) {
      *out++ = unescaped(*++in);
    } else {
      *out++ = *in;
    }
  }
  return out;
}

}  // namespace

std::vector<std::string_view>& split_copy_line(std::span<char> line, std::vector<std::string_view>& fields) {
  fields.clear();
  char* begin = line.data();
  char* const end = begin + line.size();
  while (true) {
    char* const stop = std::find(begin, end, '\t');
    const bool is_null = std::string_view(begin, static_cast<std::size_t>(stop - begin)) == "\\N";
    char* const last = is_null ? begin : unescape(begin, stop);
    fields.emplace_back(begin, static_cast<std::size_t>(last - begin));
    if (stop == end) return fields;
    begin = stop + 1;
  }
}

}  // namespace rollcall::storage
