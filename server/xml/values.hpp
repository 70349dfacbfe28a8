// SPDX-License-Identifier: Apache-2.0
// The simple types of the schemas that presence documents are made of.
#pragma once

#include <string>
#include <string_view>

namespace rollcall::xml {

/// An xs:dateTime as RFC 3863 §4.1.7 wants it: capital T and Z, a day that exists.
bool is_date_time(std::string_view text);

/// 0 to 1 with at most three decimals (RFC 3863 §4.1.5, erratum 1606).
bool is_priority(std::string_view text);

/// An xs:language, e.g. "en-GB".
bool is_language(std::string_view text);

/// An absolute URI made of nothing but the characters of RFC 3986 §2.
bool is_uri(std::string_view text);

/// `text` as an NCName in ASCII: what may not stand in one is replaced, and its start mended.
std::string as_nc_name(std::string_view text);

}  // namespace rollcall::xml
