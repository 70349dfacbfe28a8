// SPDX-License-Identifier: Apache-2.0
// An element that we pass on without knowing what it means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::xml {

/// One element with all that stands in it, as text that can be put into any document that we write.
///
/// Its namespaces travel with it: those of our own table (see namespaces.hpp) are written with
/// their fixed prefix, which write() declares on the root; every other one is declared on the
/// element itself. Comments, processing instructions and white space between elements are gone,
/// so equal content is equal text.
struct Fragment {
  /// Where the value of an attribute of type ID stands in `text`. A document may hold it only once.
  struct IdSpot {
    std::size_t begin = 0;
    std::size_t size = 0;
  };

  std::string namespace_uri;     // of the element, never empty
  std::string name;              // without a prefix
  std::string text;              // "<rpid:activities><rpid:away/></rpid:activities>"
  std::uint32_t namespaces = 0;  // bit i: row i of known_namespaces() is used
  std::vector<IdSpot> ids;       // in the order of the text

  /// The other members follow from the text.
  friend bool operator==(const Fragment& a, const Fragment& b) { return a.text == b.text; }
};

/// True when both are the same kind of element: same namespace and name.
bool same_kind(const Fragment& a, const Fragment& b);

/// Gives each id in the fragment another value: `rename` gets the old one (as it stands in the text)
/// and returns the new one, which must be an NCName.
void rename_ids(Fragment& fragment, const std::function<std::string(std::string_view)>& rename);

}  // namespace rollcall::xml
