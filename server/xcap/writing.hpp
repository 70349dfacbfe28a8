// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace rollcall::xcap {

/// What documents of ours begin with.
inline constexpr std::string_view xml_declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

}  // namespace rollcall::xcap
