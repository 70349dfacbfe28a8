// SPDX-License-Identifier: Apache-2.0
// Pieces of text that documents are read by.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xml/text.hpp>

namespace rollcall::rules {

inline constexpr std::string_view xml_space = " \t\r\n";

inline char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

inline std::string in_lower_case(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  return lowered;
}

/// What stands between white space.
inline std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (text = xml::trim(text); !text.empty(); text = xml::trim(text)) {
    words.push_back(text.substr(0, text.find_first_of(xml_space)));
    text.remove_prefix(words.back().size());
  }
  return words;
}

}  // namespace rollcall::rules
