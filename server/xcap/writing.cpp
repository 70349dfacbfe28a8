// SPDX-License-Identifier: Apache-2.0
#include "writing.hpp"

namespace rollcall::xcap {

namespace {

/// What stands for a character; "" when it stands for itself.
std::string_view reference_for(char c) {
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
    case '\r':
      return "&#13;";
    default:
      return {};
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto reference = reference_for(c);
    if (reference.empty())
      out += c;
    else
      out += reference;
  }
  return out;
}

}  // namespace rollcall::xcap
