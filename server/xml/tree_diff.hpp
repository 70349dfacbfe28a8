// SPDX-License-Identifier: Apache-2.0
// The patch operations that turn one element into another.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace rollcall::xml {

// Two lists of children are compared pair by pair, so their number is bounded; a longer list is
// written anew.
inline constexpr std::size_t most_compared = 500;

/// The operations, with prefix "p", after which the children of `before` are those of `after`.
/// `selector` finds `before`. Both are parts of texts that write() made, so that a prefix of
/// known_namespaces() always means the same. nullopt: too many children, or characters among them.
std::optional<std::string> diff_children(pugi::xml_node before, pugi::xml_node after,
                                         std::string_view selector);

}  // namespace rollcall::xml
