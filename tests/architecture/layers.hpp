// SPDX-License-Identifier: Apache-2.0
// Who may use whom: the arrow table, and what the files do.
#pragma once

#include "tree.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::architecture {

/// For each layer those that it may include.
using Arrows = std::map<std::string, std::set<std::string>>;

/// The arrow table of docs/architecture.md: the lines inside a fenced block that look like
/// "engine  -> base sip model   what it is". The layers end at the first two spaces; "-" is none.
Arrows arrows_of_document(std::string_view markdown);

/// The DEPENDS of each rollcall_layer(...) of CMakeLists.txt.
Arrows arrows_of_cmake(std::string_view cmake);

/// Both tables say the same, and every layer that is named has a row.
Findings compare_arrows(const Arrows& document, const Arrows& cmake);

/// No layer can reach itself.
Findings check_no_circle(const Arrows& arrows);

/// Each #include <rollcall/...> follows an arrow, each quoted one names a file of the same folder, a
/// public header quotes nothing, and no path climbs with "..".
Findings check_includes(const std::vector<File>& files, const Arrows& arrows);

}  // namespace rollcall::architecture
