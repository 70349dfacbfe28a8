// SPDX-License-Identifier: Apache-2.0
// From an element of a parsed document to a Fragment that stands alone.
#pragma once

#include <rollcall/xml/fragment.hpp>

#include <pugixml.hpp>

namespace rollcall::xml {

/// `element` belongs to a guarded document and to a namespace.
Fragment read_fragment(pugi::xml_node element);

}  // namespace rollcall::xml
