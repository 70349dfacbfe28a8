// SPDX-License-Identifier: Apache-2.0
// The namespaces that we know, and the one prefix that we write each with.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace rollcall::xml {

/// Some watchers search the text of a document instead of parsing it, so a namespace always has the
/// same prefix: PIDF is the default namespace, RPID is "rpid:", the data model is "dm:".
struct KnownNamespace {
  std::string_view uri;
  std::string_view prefix;  // "": the default namespace
};

/// All of them; PIDF is row 0.
std::span<const KnownNamespace> known_namespaces();

inline constexpr std::string_view pidf_namespace = "urn:ietf:params:xml:ns:pidf";  // RFC 3863
inline constexpr std::string_view data_model_namespace =
    "urn:ietf:params:xml:ns:pidf:data-model";                                           // RFC 4479
inline constexpr std::string_view rpid_namespace = "urn:ietf:params:xml:ns:pidf:rpid";  // RFC 4480
inline constexpr std::string_view timed_status_namespace =
    "urn:ietf:params:xml:ns:pidf:timed-status";                                           // RFC 4481
inline constexpr std::string_view cipid_namespace = "urn:ietf:params:xml:ns:pidf:cipid";  // RFC 4482
inline constexpr std::string_view caps_namespace = "urn:ietf:params:xml:ns:pidf:caps";    // RFC 5196

}  // namespace rollcall::xml
