// SPDX-License-Identifier: Apache-2.0
// Pieces of text that documents are read by.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

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

/// `text` without the white space of XML at its ends.
inline std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(xml_space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(xml_space) - begin + 1);
}

/// What stands between white space.
inline std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    words.push_back(text.substr(0, text.find_first_of(xml_space)));
    text.remove_prefix(words.back().size());
  }
  return words;
}

}  // namespace rollcall::rules
