// SPDX-License-Identifier: Apache-2.0
// Which children of one element are still there in another.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

namespace rollcall::xml {

/// A child in a list that changes step by step.
struct Child {
  pugi::xml_node node;
  std::string text;       // all of it
  std::string_view id;    // its attribute "id", "" for none
  std::string_view name;  // as written
};

std::vector<Child> children_of(pugi::xml_node parent);

/// For each of `after`, the place in `before` of the child that it continues: same name and id, and in
/// the same order. As many as can be stay as they are.
std::vector<std::optional<std::size_t>> match(const std::vector<Child>& before,
                                              const std::vector<Child>& after);

}  // namespace rollcall::xml
