// SPDX-License-Identifier: Apache-2.0
// What tests of patches have in common.
#pragma once

#include "support/schema.hpp"

#include <string>
#include <string_view>
#include <variant>

#include <rollcall/xml/patch.hpp>

#include <fmt/format.h>

namespace rollcall::tests {

inline xml::Patched attempt(std::string_view target, std::string_view operations,
                            std::string_view declarations = "") {
  const auto diff = fmt::format("<diff {}>{}</diff>", declarations, operations);
  return xml::apply_patch(target, diff, {});
}

/// The canonical form of what comes out, or the name of the fault.
inline std::string patched(std::string_view target, std::string_view operations,
                           std::string_view declarations = "") {
  const auto result = attempt(target, operations, declarations);
  if (const auto* text = std::get_if<std::string>(&result)) return canonical(*text);
  const auto& error = std::get<xml::PatchError>(result);
  return error.fault ? std::string(to_string(*error.fault)) : "past the bounds";
}

/// A document of RFC 5261 Appendix A.
inline std::string patch_sample(int number, const char* kind) {
  return read_data(fmt::format("patches/rfc5261-{:02}-{}.xml", number, kind));
}

}  // namespace rollcall::tests
