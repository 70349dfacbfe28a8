// SPDX-License-Identifier: Apache-2.0
// Values that may stand only once.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/xcap/document.hpp>

namespace rollcall::xcap {

using TextSet = std::unordered_set<std::string, base::KeyedHash, std::equal_to<>>;

/// A value that an earlier sibling has.
struct Duplicate {
  Document::Index element = Document::none;
  std::string_view attribute;
  std::string value;
};

/// A report names so many duplicates at most; who has more of them mends these first.
inline constexpr std::size_t most_reported = 10;

/// Collects, of the children of `parent` with that name, those whose attribute has the value of an
/// earlier one. Case counts; an element without the attribute is none. Returns the values seen. Linear.
TextSet find_duplicates(const Document& document, Document::Index parent, ExpandedName name,
                        std::string_view attribute, std::vector<Duplicate>& found);

/// Up to three values of the kind "friends-2" that are not in `taken`. `split` is where the number goes.
std::vector<std::string> candidates(std::string_view value, std::size_t split, const TextSet& taken,
                                    std::size_t count);

}  // namespace rollcall::xcap
