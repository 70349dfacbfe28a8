// SPDX-License-Identifier: Apache-2.0
// What every XML body passes before anything reads it.
#pragma once

#include <cstddef>
#include <string_view>

#include <rollcall/base/result.hpp>

namespace rollcall::xml {

/// How much of a document we are willing to read.
struct Bounds {
  std::size_t bytes = 32'768;
  std::size_t depth = 32;  // elements within elements; the root is at depth 1
};

/// Succeeds when `document` is one well-formed XML 1.0 document with sound namespaces: UTF-8 made of
/// XML characters, one root, tags that match, attributes once each (also after their prefixes are
/// resolved), prefixes bound, no entity but the five of XML. A DOCTYPE is refused whatever it
/// holds, so there is nothing to expand and nothing to fetch. An XML declaration may be missing; an
/// encoding that it names must be UTF-8 or US-ASCII. Bounded too: 64 attributes in a tag, 256
/// namespace declarations in force; and a namespace name holds no white space and nothing that XML
/// would have to escape.
///
/// Errors: too_large past bounds.bytes; malformed otherwise. The detail names the fault and its
/// line, quotes nothing of the document, and so may stand in a reason phrase. Any thread; takes time
/// linear in the size; no recursion.
base::Result<> guard(std::string_view document, Bounds bounds);

}  // namespace rollcall::xml
