// SPDX-License-Identifier: Apache-2.0
// Each package, and the system's sockets, have one home.
#pragma once

#include "tree.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace rollcall::architecture {

/// Headers that begin so may be included only from files whose path begins with one of the homes.
struct PackageHome {
  std::string_view header;
  std::vector<std::string_view> homes;
};

std::span<const PackageHome> package_homes();

/// Files that include a package away from its home.
Findings check_package_homes(const std::vector<File>& files);

}  // namespace rollcall::architecture
