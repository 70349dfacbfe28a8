// SPDX-License-Identifier: Apache-2.0
// The documents that the server writes itself.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xcap/limits.hpp>
#include <rollcall/xcap/schemas.hpp>

namespace rollcall::xcap {

/// "xcap-caps/global/index": the application usages and namespaces that are supported (RFC 4825 §12).
std::string capabilities(const Schemas& schemas);

/// One document of a user.
struct DirectoryEntry {
  std::string auid;
  std::string uri;   // of the document: absolute, percent-encoded
  std::string etag;  // with its quotes
  std::size_t size = 0;
};

/// ".../xcap-directory/users/<xui>/directory.xml": what a user has stored, a folder for each application
/// usage (OMA XDM Core 1.1). In any order; they are sorted.
std::string directory(std::vector<DirectoryEntry> entries);

/// "rls-services/global/index": the services of all users' index documents (RFC 4826 §4.4.8). What stands
/// in a service keeps its bytes; the bindings that it needs from around it are declared on it. A text that
/// is no such document is left out.
std::string services_index(std::span<const std::string_view> documents, const Limits& limits);

}  // namespace rollcall::xcap
