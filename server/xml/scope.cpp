// SPDX-License-Identifier: Apache-2.0
#include "scope.hpp"

#include <algorithm>

namespace rollcall::xml {

namespace {

// Looking up is linear, so what a document may declare is bounded.
constexpr std::size_t most_declarations = 256;

}  // namespace

QName split(std::string_view name) {
  const auto colon = name.find(':');
  if (colon == std::string_view::npos) return {name, {}, name};
  return {name, name.substr(0, colon), name.substr(colon + 1)};
}

const char* Scope::declare(std::string_view prefix, std::string_view uri) {
  if (prefix == "xmlns" || uri == xmlns_namespace) return "reserved namespace declared";
  if ((prefix == "xml") != (uri == xml_namespace)) return "reserved namespace declared";
  if (!prefix.empty() && uri.empty()) return "prefix declared without a namespace";
  // Nobody names a namespace like this, and comparing such names would need them decoded.
  if (uri.find_first_of("&<>\" \t\r\n") != std::string_view::npos) return "namespace name is no plain URI";
  if (declarations_.size() == most_declarations) return "too many namespace declarations";
  declarations_.push_back({prefix, uri});
  return nullptr;
}

std::optional<std::string_view> Scope::find(std::string_view prefix) const {
  if (prefix == "xml") return xml_namespace;
  const auto found = std::find_if(declarations_.rbegin(), declarations_.rend(),
                                  [prefix](const Declaration& row) { return row.prefix == prefix; });
  if (found != declarations_.rend()) return found->uri;
  if (prefix.empty()) return std::string_view();
  return std::nullopt;
}

}  // namespace rollcall::xml
