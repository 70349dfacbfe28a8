// SPDX-License-Identifier: Apache-2.0
#include "fragment.hpp"

#include "encoding.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace rollcall::xcap {

namespace {

/// The tags around a place in a document.
struct Surround {
  std::string before, after;
  Document::Index depth = 0;  // how many elements that are
};

Surround surround(const Document& document, Document::Index parent) {
  std::vector<Document::Index> path;
  for (auto at = parent; at != Document::none; at = document.element(at).parent)
    path.push_back(at);
  Surround tags;
  tags.depth = static_cast<Document::Index>(path.size());
  for (auto at = path.rbegin(); at != path.rend(); ++at) {
    const auto& row = document.element(*at);
    tags.before += std::string_view(document.text()).substr(row.begin, row.tag_end - row.begin);
    tags.before += '>';
  }
  for (const auto at : path)
    tags.after += fmt::format("</{}>", document.element(at).name);
  return tags;
}

}  // namespace

std::variant<Fragment, Refusal> read_fragment(const Document& document, Document::Index parent,
                                              std::string_view body, const Limits& limits) {
  body = xml::trim(body);
  if (body.size() > limits.document_bytes) return Refusal{413, "the element is too large", {}, {}};
  const auto tags = surround(document, parent);
  const auto bytes = tags.before.size() + body.size() + tags.after.size();
  auto read = Document::parse(fmt::format("{}{}{}", tags.before, body, tags.after), {bytes, limits.depth});
  if (!read) return conflict(ConflictKind::not_xml_frag, read.error().detail);
  // A body that closes its parent and opens another is well-formed here, but then no element is the body.
  if (read->size() > tags.depth) {
    const auto& element = read->element(tags.depth);
    if (element.begin == tags.before.size() && element.end == element.begin + body.size())
      return Fragment{body, std::string(element.expanded.namespace_uri), std::string(element.expanded.local)};
  }
  return conflict(ConflictKind::not_xml_frag, "the body is not one element and nothing else");
}

}  // namespace rollcall::xcap
