// SPDX-License-Identifier: Apache-2.0
// Writing characters of others into documents of ours.
#pragma once

#include <string>
#include <string_view>

namespace rollcall::xcap {

inline constexpr std::string_view xml_declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// `text`, which must be UTF-8 made of XML characters, as it may stand in content and between double
/// quotes alike: reading gives the same characters back.
std::string escaped(std::string_view text);

}  // namespace rollcall::xcap
