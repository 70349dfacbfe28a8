// SPDX-License-Identifier: Apache-2.0
// What each file must look like, and what it may cite.
#pragma once

#include "tree.hpp"

#include <cstddef>
#include <set>
#include <string_view>
#include <vector>

namespace rollcall::architecture {

/// No file has more lines than this: past it, it is two things.
inline constexpr std::size_t most_lines = 500;
Findings check_sizes(const std::vector<File>& files);

/// The licence stands in the first three lines (a script's first one is for the system).
Findings check_licences(const std::vector<File>& files);

/// The numbers in every "RFC nnnn" of a text.
std::set<int> rfcs_of(std::string_view text);

/// Citations of an RFC that the conformance document does not speak of.
Findings check_citations(const std::vector<File>& files, std::string_view conformance);

}  // namespace rollcall::architecture
