// SPDX-License-Identifier: Apache-2.0
// A buddy list as administrators see it: a view of the user's document resource-lists/index (RFC 4826 §3),
// which is the only place where it is kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/xcap/limits.hpp>

namespace rollcall::xdm {

/// model::Document::path of the document.
inline constexpr std::string_view buddies_path = "resource-lists/index";

/// One entry.
struct Buddy {
  std::string uri;           // "sip:user@domain"; that of no person is as it stands in the document
  std::string display_name;  // "": none
  std::string group;         // the name of the list that it is in, "": that has none

  friend bool operator==(const Buddy&, const Buddy&) = default;
};

/// "sip:user@domain" of a URI of a person; malformed for any other text.
base::Result<std::string> buddy_uri(std::string_view text);

/// Every entry of every list, those in lists of lists too, in the order of the document. Of entries that name
/// the same person the first counts. An external list and a reference is none. A text that is no such
/// document has none. Linear in the text.
std::vector<Buddy> buddies_in(std::string_view document, const xcap::Limits& limits);

/// The document with this entry in it: as it was but for the entry's name, and for its place when the group
/// is another. A list, or the document (nullopt), that is missing is made. Error malformed: the text is no
/// such document.
base::Result<std::string> with_buddy(std::optional<std::string_view> document, const Buddy& buddy,
                                     const xcap::Limits& limits);

/// The document without the entries of that URI.
base::Result<std::string> without_buddy(std::string_view document, std::string_view uri,
                                        const xcap::Limits& limits);

}  // namespace rollcall::xdm
