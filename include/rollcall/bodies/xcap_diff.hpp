// SPDX-License-Identifier: Apache-2.0
// Changes of XCAP documents (RFC 5874), for those who subscribe to them (RFC 5875).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rollcall::bodies {

inline constexpr std::string_view xcap_diff_media_type = "application/xcap-diff+xml";
inline constexpr std::string_view xcap_diff_namespace = "urn:ietf:params:xml:ns:xcap-diff";

/// What happened to one document (RFC 5874 §3, Figure 1): created or there (new alone), changed (both),
/// removed (previous alone).
struct DocumentChange {
  std::string sel;            // path from the XCAP root, percent-encoded; no slash in front
  std::string previous_etag;  // "" for none
  std::string new_etag;       // "" for none
  bool same_body = false;     // only the entity-tag is new
};

/// One XCAP component, as it is now (RFC 5874 §3).
struct ComponentState {
  enum class Kind : std::uint8_t { element, attribute };

  Kind kind = Kind::element;
  std::string sel;     // path from the XCAP root with the node selector, percent-encoded
  bool exists = true;  // false: it is there no more
  /// An element as it stands in its document, or "" when it is too long to be shown; or the value of an
  /// attribute.
  std::string content{};
  std::vector<std::pair<std::string, std::string>> namespaces{};  // in scope of the element, by prefix

  friend bool operator==(const ComponentState&, const ComponentState&) = default;
};

/// A document of xcap_diff_media_type; `xcap_root` is a URI that ends in a slash. A change without any
/// entity-tag says nothing and is left out. The content of elements has to be well-formed with their
/// namespaces. Any thread.
std::string write_xcap_diff(std::string_view xcap_root, std::span<const DocumentChange> changes,
                            std::span<const ComponentState> components = {});

}  // namespace rollcall::bodies
