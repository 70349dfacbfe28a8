// SPDX-License-Identifier: Apache-2.0
// XML documents that users keep with us: buddy lists, presence rules, pictures.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/text.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::model {

/// An XML document that a user keeps (RFC 4825).
struct Document {
  sip::Aor owner;    // whose home directory; empty: the global tree
  std::string path;  // "resource-lists/index": application usage, directories, name. Unique within the owner
  base::Text etag;   // with its quotes, as xcap::etag_of() makes it
  base::Text body;
  base::Instant updated{};
  /// The URIs of the list services that it defines (RFC 4826 §4); no two documents have one in common.
  std::vector<std::string> services{};

  friend bool operator==(const Document&, const Document&) = default;
};

/// The application usage that a path begins with: "resource-lists".
inline std::string_view usage_of(std::string_view path) {
  return path.substr(0, path.find('/'));
}

/// The usages whose documents presence decides by, so that they are in memory from the start: rules (RFC
/// 5025, and OMA's form of them) and hard state (RFC 4827). The others are read when they are asked for.
inline constexpr std::string_view usages_in_memory[] = {"pres-rules", "org.openmobilealliance.pres-rules",
                                                        "pidf-manipulation"};

}  // namespace rollcall::model
