// SPDX-License-Identifier: Apache-2.0
// The list of resources that a SUBSCRIBE brings along (RFC 5367, RFC 5363).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/result.hpp>

namespace rollcall::bodies {

inline constexpr std::string_view resource_lists_media_type = "application/resource-lists+xml";
inline constexpr std::string_view resource_lists_namespace = "urn:ietf:params:xml:ns:resource-lists";

/// One resource that is to be watched.
struct Recipient {
  std::string uri;
  std::string display_name;  // "" for none

  friend bool operator==(const Recipient&, const Recipient&) = default;
};

/// A body as its headers tell of it. Views.
struct BodyView {
  std::string_view content_type;
  std::string_view content_disposition;  // "" for none
  std::string_view body;                 // decoded, see inflate()
};

/// Is "" the URI of an entry? As a relative reference it names the base of the others (RFC 3986 §5.4).
enum class EmptyUri : std::uint8_t { is_malformed, is_one };

/// Finds the recipient list in a body: the body itself, or the part of a multipart one that has
/// Content-Disposition recipient-list; a part or body of resource_lists_media_type without any
/// disposition will do as well. Reads it: the entries of all lists, also of lists in lists, in order;
/// each URI once, as written. What refers to other documents (<entry-ref>, <external>) is left out, as
/// RFC 5367 §4 allows.
///
/// Errors: not_found when there is no such list; unsupported when it is of another type; malformed;
/// too_large past `most_entries`, limits.body_bytes or nesting of multiparts within each other of more
/// than most_multipart_depth. Any thread; time linear in the size.
base::Result<std::vector<Recipient>> read_recipient_list(const BodyView& body, const base::Limits& limits,
                                                         std::size_t most_entries,
                                                         EmptyUri empty_uri = EmptyUri::is_malformed);

inline constexpr std::size_t most_multipart_depth = 4;

}  // namespace rollcall::bodies
