// SPDX-License-Identifier: Apache-2.0
// The namespaces of the documents that are kept here.
#pragma once

#include <string_view>

namespace rollcall::xcap {

inline constexpr std::string_view lists_namespace = "urn:ietf:params:xml:ns:resource-lists";   // RFC 4826
inline constexpr std::string_view services_namespace = "urn:ietf:params:xml:ns:rls-services";  // RFC 4826
inline constexpr std::string_view policy_namespace = "urn:ietf:params:xml:ns:common-policy";   // RFC 4745
inline constexpr std::string_view rules_namespace = "urn:ietf:params:xml:ns:pres-rules";       // RFC 5025
inline constexpr std::string_view pidf_namespace = "urn:ietf:params:xml:ns:pidf";              // RFC 3863
inline constexpr std::string_view caps_namespace = "urn:ietf:params:xml:ns:xcap-caps";         // RFC 4825
inline constexpr std::string_view directory_namespace = "urn:oma:xml:xdm:xcap-directory";
inline constexpr std::string_view content_namespace = "urn:oma:xml:prs:pres-content";

}  // namespace rollcall::xcap
