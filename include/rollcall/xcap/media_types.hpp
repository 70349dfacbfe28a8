// SPDX-License-Identifier: Apache-2.0
// The media types of parts of documents (RFC 4825 §15.2).
#pragma once

#include <string_view>

namespace rollcall::xcap {

inline constexpr std::string_view element_media_type = "application/xcap-el+xml";
inline constexpr std::string_view attribute_media_type = "application/xcap-att+xml";
inline constexpr std::string_view namespaces_media_type = "application/xcap-ns+xml";

}  // namespace rollcall::xcap
