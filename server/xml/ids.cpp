// SPDX-License-Identifier: Apache-2.0
#include "ids.hpp"

#include <algorithm>

#include <rollcall/xml/namespaces.hpp>

namespace rollcall::xml {

std::size_t known_row(std::string_view uri) {
  const auto rows = known_namespaces();
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const auto& known) { return known.uri == uri; });
  return static_cast<std::size_t>(row - rows.begin());
}

bool is_id(const QName& attribute, std::string_view element_uri) {
  if (attribute.text == "xml:id") return true;
  return attribute.text == "id" && known_row(element_uri) < known_namespaces().size();
}

}  // namespace rollcall::xml
