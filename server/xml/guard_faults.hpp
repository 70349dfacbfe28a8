// SPDX-License-Identifier: Apache-2.0
// The faults that guard() names and that other answers depend on.
#pragma once

namespace rollcall::xml {

inline constexpr const char* encoding_fault = "encoding is not UTF-8";
inline constexpr const char* entity_fault = "undefined entity";

}  // namespace rollcall::xml
