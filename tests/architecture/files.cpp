// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace rollcall::architecture {

Findings check_sizes(const std::vector<File>& files) {
  Findings findings;
  for (const auto& file : files) {
    const std::size_t lines = lines_of(file.text).size();
    if (lines > most_lines)
      findings.push_back(fmt::format("{}: {} lines, no file has more than {}", file.path, lines, most_lines));
  }
  return findings;
}

Findings check_licences(const std::vector<File>& files) {
  // In two pieces, so that this line is not taken for the licence of a file.
  static const std::string line = std::string("SPDX-License-Identifier") + ": Apache-2.0";
  Findings findings;
  for (const auto& file : files) {
    auto head = lines_of(file.text);
    head.resize(std::min<std::size_t>(head.size(), 3));
    if (std::ranges::none_of(head, [](auto text) { return text.ends_with(line); }))
      findings.push_back(fmt::format("{}: no line \"{}\" at its head", file.path, line));
  }
  return findings;
}

std::set<int> rfcs_of(std::string_view text) {
  constexpr std::string_view word = "RFC ";
  std::set<int> numbers;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at)) {
    at += word.size();
    int number = 0;
    for (; at < text.size() && number < 100'000 && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
         ++at)
      number = number * 10 + (text[at] - '0');
    if (number > 0) numbers.insert(number);
  }
  return numbers;
}

Findings check_citations(const std::vector<File>& files, std::string_view conformance) {
  const auto known = rfcs_of(conformance);
  Findings findings;
  for (const auto& file : files) {
    std::size_t number = 0;
    for (const auto line : lines_of(file.text)) {
      ++number;
      for (const int rfc : rfcs_of(line))
        if (!known.contains(rfc))
          findings.push_back(
              fmt::format("{}:{}: RFC {} is not in docs/rfc-conformance.md", file.path, number, rfc));
    }
  }
  return findings;
}

}  // namespace rollcall::architecture
