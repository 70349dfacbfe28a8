// SPDX-License-Identifier: Apache-2.0
// Names of XML at the front of a text.
#pragma once

#include <string_view>

namespace rollcall::xcap {

/// The NCName that `text` begins with, "" for none. Past ASCII every character passes: a name that XML
/// does not allow matches nothing in a document, and xml::guard() keeps it from getting into one.
std::string_view read_nc_name(std::string_view text);

/// The QName that `text` begins with, "" for none.
std::string_view read_qname(std::string_view text);

}  // namespace rollcall::xcap
