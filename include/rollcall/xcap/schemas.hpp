// SPDX-License-Identifier: Apache-2.0
// The XML schemas that documents have to follow (RFC 4825 §8.2.5).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <rollcall/xcap/document.hpp>

namespace rollcall::xcap {

/// All schemas of the application usages, compiled once. Any number of threads may use one object at a
/// time: libxml2 only reads a compiled schema, and each validation has a context of its own.
class Schemas {
 public:
  /// Compiles what the build embedded; nothing is read from a disk or a network. Takes some
  /// milliseconds. Throws std::runtime_error when the schemas are broken, which is a fault of the build.
  Schemas();
  ~Schemas();
  Schemas(const Schemas&) = delete;
  Schemas& operator=(const Schemas&) = delete;

  /// What is wrong with a document, in a line for a person that may quote it; nullopt when nothing is.
  /// Elements and attributes of namespaces that no schema here knows may stand where a schema allows
  /// others; those of namespaces that one knows have to be declared by it.
  [[nodiscard]] std::optional<std::string> fault(const Document& document) const;

  /// The namespaces that are understood, sorted: what xcap-caps lists (RFC 4825 §12).
  [[nodiscard]] const std::vector<std::string>& namespaces() const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace rollcall::xcap
