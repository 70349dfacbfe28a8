// SPDX-License-Identifier: Apache-2.0
// References from one document to another.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::xcap {

/// `text` without any white space. Documents fold long URIs, and a URI has none of its own.
std::string unfold(std::string_view text);

/// Relative and without a slash in front: "resource-lists/users/..." (RFC 3986 §4.2).
bool is_relative_path_reference(std::string_view uri);

/// "http://" or "https://" with a host (RFC 3986 §4.3).
bool is_absolute_http_uri(std::string_view uri);

/// Where an absolute HTTP URI points below an XCAP root.
struct Reference {
  std::string auid;
  std::string tree;
  std::string xui;  // decoded

  friend bool operator==(const Reference&, const Reference&) = default;
};

/// Takes an absolute HTTP URI apart. When `roots` are given it has to begin with one of them, otherwise
/// the root ends where the first segment "resource-lists" is. nullopt: there is no such place.
std::optional<Reference> read_list_reference(std::string_view uri, const std::vector<std::string>& roots);

/// Two XUIs of one user: with and without "sip:" they are the same.
bool is_same_user(std::string_view a, std::string_view b);

}  // namespace rollcall::xcap
