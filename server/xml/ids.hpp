// SPDX-License-Identifier: Apache-2.0
// Which attributes are of type ID.
#pragma once

#include "scope.hpp"

#include <cstddef>
#include <string_view>

namespace rollcall::xml {

/// Which row of known_namespaces() a namespace is; their number when it is none.
std::size_t known_row(std::string_view uri);

/// Attributes of type ID: xml:id, and the id of whatever our schemas define.
bool is_id(const QName& attribute, std::string_view element_uri);

}  // namespace rollcall::xml
