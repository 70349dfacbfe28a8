// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace rollcall::storage {

/// The fields of one line of COPY ... TO STDOUT in its text format, without its end of line, unescaped
/// in place: they refer to the line. NULL, which none of our columns holds, comes out as "".
std::vector<std::string_view>& split_copy_line(std::span<char> line, std::vector<std::string_view>& fields);

}  // namespace rollcall::storage
