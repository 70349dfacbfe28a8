// SPDX-License-Identifier: Apache-2.0
// The rules for the elements of a list, wherever it stands (RFC 4826 §3.4.5).
#pragma once

#include "uniqueness.hpp"

#include <optional>
#include <string_view>

#include <rollcall/xcap/conflict.hpp>
#include <rollcall/xcap/document.hpp>

namespace rollcall::xcap {

/// Checks every list in the document. Linear in its size.
std::optional<Conflict> check_list_elements(const Document& document, std::string_view default_namespace);

}  // namespace rollcall::xcap
