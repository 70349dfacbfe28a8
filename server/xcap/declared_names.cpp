// SPDX-License-Identifier: Apache-2.0
#include "declared_names.hpp"

#include <algorithm>

namespace rollcall::xcap {

namespace {

constexpr std::string_view schema_namespace = "http://www.w3.org/2001/XMLSchema";
// Its attributes may stand anywhere, and nobody calls it a namespace that a server supports.
constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";

}  // namespace

void DeclaredNames::add(const Document& schema) {
  const auto target = schema.value(0, "targetNamespace");
  if (!target || *target == xml_namespace) return;
  const auto place = std::lower_bound(namespaces_.begin(), namespaces_.end(), *target);
  if (place == namespaces_.end() || *place != *target) namespaces_.insert(place, *target);
  for (Document::Index i = 0; i < schema.size(); ++i) {
    const auto name = schema.value(i, "name");
    if (!name) continue;
    const auto kind = schema.element(i).expanded;
    if (kind == ExpandedName{schema_namespace, "element"}) elements_.emplace(*target, *name);
    if (kind == ExpandedName{schema_namespace, "attribute"}) attributes_.emplace(*target, *name);
  }
}

bool DeclaredNames::knows(std::string_view namespace_uri) const {
  return std::binary_search(namespaces_.begin(), namespaces_.end(), namespace_uri);
}

bool DeclaredNames::may_be(const Names& names, ExpandedName name) const {
  return names.contains(name) || !knows(name.namespace_uri);
}

}  // namespace rollcall::xcap
