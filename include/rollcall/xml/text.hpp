// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace rollcall::xml {

/// `text` without white space, as XML knows it (XML 1.0 §2.3), at its ends. Any thread.
std::string_view trim(std::string_view text);

}  // namespace rollcall::xml
