// SPDX-License-Identifier: Apache-2.0
#include "constraints.hpp"
#include "encoding.hpp"
#include "namespaces.hpp"

namespace rollcall::xcap {

namespace {

/// A valid xs:dateTime that ends in Z, or in an offset like +01:00.
bool has_zone(std::string_view time) {
  if (time.ends_with('Z')) return true;
  if (time.size() < 6) return false;
  const auto offset = time.substr(time.size() - 6);
  return (offset[0] == '+' || offset[0] == '-') && offset[3] == ':';
}

}  // namespace

std::optional<Conflict> check_policy(const Document& document, const Path&, const Surroundings&,
                                     const Limits&) {
  for (Document::Index i = 0; i < document.size(); ++i) {
    const auto name = document.element(i).expanded;
    if (name.namespace_uri != policy_namespace || (name.local != "from" && name.local != "until")) continue;
    if (!has_zone(xml::trim(document.characters(i))))
      return Conflict{ConflictKind::constraint_failure, "a time has to name its zone", {}, {}};
  }
  return std::nullopt;
}

}  // namespace rollcall::xcap
