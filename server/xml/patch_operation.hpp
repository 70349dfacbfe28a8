// SPDX-License-Identifier: Apache-2.0
// One <add>, <replace> or <remove> as it is written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rollcall/xml/patch.hpp>

#include <pugixml.hpp>

namespace rollcall::xml {

/// Whether an operation is one that RFC 5261 §8 knows: its name, its attributes and their values.
std::optional<PatchFault> check_operation(pugi::xml_node operation);

/// The operation as an element that stands alone: with the declarations in force around it, and without
/// its content when that is long.
std::string text_of_operation(pugi::xml_node operation);

/// What a fault means, for a person.
std::string_view phrase_of(PatchFault fault);

}  // namespace rollcall::xml
