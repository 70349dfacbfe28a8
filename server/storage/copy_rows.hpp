// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rollcall::storage {

/// The fields of one line of COPY ... TO STDOUT in its text format, unescaped in place: they refer
/// to the line. NULL, which none of our columns holds, comes out as "".
std::vector<std::string_view>& split_copy_line(std::string& line, std::vector<std::string_view>& fields);

}  // namespace rollcall::storage
