// SPDX-License-Identifier: Apache-2.0
// Writing characters so that reading gives the same ones back.
#pragma once

#include <string>
#include <string_view>

namespace rollcall::xml {

/// Appends `text` as content of an element.
void append_text(std::string& out, std::string_view text);

/// Appends `value` as it stands between double quotes.
void append_attribute_value(std::string& out, std::string_view value);

}  // namespace rollcall::xml
