// SPDX-License-Identifier: Apache-2.0
#include "uniqueness.hpp"

#include <fmt/format.h>

namespace rollcall::xcap {

TextSet find_duplicates(const Document& document, Document::Index parent, ExpandedName name,
                        std::string_view attribute, std::vector<Duplicate>& found) {
  TextSet seen;
  for (auto child = document.first_child(parent); child != Document::none;
       child = document.element(child).next) {
    if (document.element(child).expanded != name) continue;
    auto value = document.value(child, attribute);
    if (!value || seen.insert(*value).second || found.size() == most_reported) continue;
    found.push_back({child, attribute, std::move(*value)});
  }
  return seen;
}

std::vector<std::string> candidates(std::string_view value, std::size_t split, const TextSet& taken,
                                    std::size_t count) {
  std::vector<std::string> free;
  for (std::size_t number = 2; free.size() < count; ++number) {
    auto next = fmt::format("{}-{}{}", value.substr(0, split), number, value.substr(split));
    if (!taken.contains(next)) free.push_back(std::move(next));
  }
  return free;
}

}  // namespace rollcall::xcap
