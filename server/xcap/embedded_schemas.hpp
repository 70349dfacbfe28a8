// SPDX-License-Identifier: Apache-2.0
// The files of server/xcap/schemas/, as the build puts them into the program.
#pragma once

#include <span>
#include <string_view>

namespace rollcall::xcap {

struct EmbeddedSchema {
  std::string_view name;  // of the file, e.g. "pidf.xsd"
  std::string_view text;
};

std::span<const EmbeddedSchema> embedded_schemas();

}  // namespace rollcall::xcap
