// SPDX-License-Identifier: Apache-2.0
#include <rollcall/bodies/xcap_diff.hpp>
#include <rollcall/xml/writer.hpp>

namespace rollcall::bodies {

std::string write_xcap_diff(std::string_view xcap_root, std::span<const DocumentChange> changes) {
  xml::Writer out("xcap-diff", xcap_diff_namespace);
  out.attribute("xcap-root", xcap_root);
  for (const auto& change : changes) {
    if (change.previous_etag.empty() && change.new_etag.empty()) continue;
    out.open("document")
        .attribute("sel", change.sel)
        .attribute_if_any("previous-etag", change.previous_etag)
        .attribute_if_any("new-etag", change.new_etag);
    // Both tags are known when nothing but the tag changed.
    if (change.same_body && !change.previous_etag.empty() && !change.new_etag.empty())
      out.open("body-not-changed").close();
    out.close();
  }
  return out.take();
}

}  // namespace rollcall::bodies
