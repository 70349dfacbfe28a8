// SPDX-License-Identifier: Apache-2.0
// The namespace declarations in force at one place of a document.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace rollcall::xml {

inline constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";

/// A name as written, cut at its colon. The views point into the document.
struct QName {
  std::string_view text;
  std::string_view prefix;  // "" without a colon
  std::string_view local;
};

/// Cuts a name that is known to be sound.
QName split(std::string_view name);

/// A stack of declarations. Views point into the document.
class Scope {
 public:
  [[nodiscard]] std::size_t size() const { return declarations_.size(); }
  void shrink(std::size_t size) { declarations_.resize(size); }

  /// What is wrong with declaring `prefix` ("" for the default) as `uri`; nullptr and it is declared
  /// when nothing is (Namespaces in XML 1.0 §2.2, §3).
  const char* declare(std::string_view prefix, std::string_view uri);

  /// The namespace of a prefix: "" for no default namespace, nullopt for an unbound prefix.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view prefix) const;

 private:
  struct Declaration {
    std::string_view prefix;
    std::string_view uri;
  };
  std::vector<Declaration> declarations_;
};

}  // namespace rollcall::xml
