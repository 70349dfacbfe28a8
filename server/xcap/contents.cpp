// SPDX-License-Identifier: Apache-2.0
#include "constraints.hpp"
#include "encoding.hpp"
#include "namespaces.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rollcall::xcap {

namespace {

constexpr std::array<std::string_view, 3> picture_types{"image/jpeg", "image/gif", "image/png"};

Conflict failure(std::string phrase) {
  return {ConflictKind::constraint_failure, std::move(phrase), {}, {}};
}

/// The text of the first child of that name in the namespace of icons; nullopt without one.
std::optional<std::string> child_text(const Document& document, std::string_view name) {
  for (auto child = document.first_child(0); child != Document::none; child = document.element(child).next)
    if (document.element(child).expanded == ExpandedName{content_namespace, name})
      return std::string(xml::trim(document.characters(child)));
  return std::nullopt;
}

bool is_base64(std::string_view text) {
  constexpr std::string_view allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n";
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

std::optional<Conflict> check_content(const Document& document, const Path&, const Surroundings&,
                                      const Limits&) {
  const auto type = child_text(document, "mime-type").value_or("");
  const auto is_type = [&](std::string_view row) { return equal_without_case(row, type); };
  if (std::none_of(picture_types.begin(), picture_types.end(), is_type))
    return failure("the mime-type of an icon is image/jpeg, image/gif or image/png");
  if (!equal_without_case(child_text(document, "encoding").value_or(""), "base64"))
    return failure("the encoding of an icon is base64");
  if (!is_base64(child_text(document, "data").value_or(""))) return failure("the data of an icon is base64");
  return std::nullopt;
}

}  // namespace rollcall::xcap
