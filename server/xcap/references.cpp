// SPDX-License-Identifier: Apache-2.0
#include "references.hpp"

#include "encoding.hpp"

#include <algorithm>

namespace rollcall::xcap {

namespace {

constexpr std::string_view schemes[] = {"http://", "https://"};

/// Past the scheme, nothing when it is no HTTP URI.
std::optional<std::string_view> after_scheme(std::string_view uri) {
  for (const auto scheme : schemes)
    if (equal_without_case(uri.substr(0, scheme.size()), scheme)) return uri.substr(scheme.size());
  return std::nullopt;
}

/// The next segment of a path, which is taken away with the slash behind it.
std::string take_segment(std::string_view& path) {
  const auto slash = std::min(path.find('/'), path.size());
  auto segment = percent_decode(path.substr(0, slash)).value_or("");
  path.remove_prefix(std::min(slash + 1, path.size()));
  return segment;
}

/// What follows the XCAP root in a URI.
std::optional<std::string_view> below_root(std::string_view uri, const std::vector<std::string>& roots) {
  for (std::string_view root : roots) {
    while (root.ends_with('/'))
      root.remove_suffix(1);
    const auto rest = uri.substr(std::min(root.size(), uri.size()));
    if (equal_without_case(uri.substr(0, root.size()), root) && rest.starts_with('/')) return rest.substr(1);
  }
  if (!roots.empty()) return std::nullopt;
  const auto authority = after_scheme(uri);
  const auto found = authority ? authority->find("/resource-lists/") : std::string_view::npos;
  if (found == std::string_view::npos) return std::nullopt;
  return authority->substr(found + 1);
}

}  // namespace

std::string unfold(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return c != ' ' && c != '\t' && c != '\r' && c != '\n'; });
  return out;
}

bool is_relative_path_reference(std::string_view uri) {
  if (uri.empty() || uri.starts_with('/')) return false;
  // A colon in the first segment ends a scheme.
  return uri.substr(0, uri.find_first_of("/?#")).find(':') == std::string_view::npos;
}

bool is_absolute_http_uri(std::string_view uri) {
  const auto rest = after_scheme(uri);
  return rest && !rest->empty() && std::string_view("/?#:").find(rest->front()) == std::string_view::npos;
}

std::optional<Reference> read_list_reference(std::string_view uri, const std::vector<std::string>& roots) {
  auto path = below_root(uri, roots);
  if (!path) return std::nullopt;
  Reference reference;
  reference.auid = take_segment(*path);
  reference.tree = take_segment(*path);
  if (reference.tree == "users") reference.xui = take_segment(*path);
  return reference;
}

bool is_same_user(std::string_view a, std::string_view b) {
  const auto bare = [](std::string_view xui) {
    return equal_without_case(xui.substr(0, 4), "sip:") ? xui.substr(4) : xui;
  };
  return bare(a) == bare(b);
}

}  // namespace rollcall::xcap
