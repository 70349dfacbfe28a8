// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rollcall/bodies/xcap_diff.hpp>
#include <rollcall/xml/writer.hpp>

namespace rollcall::bodies {

namespace {

using Namespaces = std::vector<std::pair<std::string, std::string>>;

void write_document(xml::Writer& out, const DocumentChange& change) {
  if (change.previous_etag.empty() && change.new_etag.empty()) return;
  out.open("document")
      .attribute("sel", change.sel)
      .attribute_if_any("previous-etag", change.previous_etag)
      .attribute_if_any("new-etag", change.new_etag);
  // Both tags are known when nothing but the tag changed.
  if (change.same_body && !change.previous_etag.empty() && !change.new_etag.empty())
    out.open("body-not-changed").close();
  out.close();
}

bool has_prefix(const Namespaces& namespaces, std::string_view prefix) {
  return std::any_of(namespaces.begin(), namespaces.end(),
                     [&](const auto& binding) { return binding.first == prefix; });
}

std::string unused_prefix(const Namespaces& namespaces) {
  std::string prefix = "d";
  while (has_prefix(namespaces, prefix))
    prefix += 'd';
  return prefix;
}

// What the element has in scope of its own document it finds in ours: so our element, which declares that,
// needs a prefix.
void write_content(xml::Writer& out, const ComponentState& component) {
  const std::string prefix = unused_prefix(component.namespaces);
  const std::string name = prefix + ":element";
  out.open(name).attribute("xmlns:" + prefix, xcap_diff_namespace);
  for (const auto& [bound, uri] : component.namespaces)
    out.attribute(bound.empty() ? "xmlns" : "xmlns:" + bound, uri);
  if (!has_prefix(component.namespaces, "")) out.attribute("xmlns", "");
  out.attribute("sel", component.sel).raw(component.content).close();
}

void write_component(xml::Writer& out, const ComponentState& component) {
  const bool is_element = component.kind == ComponentState::Kind::element;
  if (is_element && component.exists && !component.content.empty()) return write_content(out, component);
  out.open(is_element ? "element" : "attribute").attribute("sel", component.sel);
  if (!component.exists)
    out.attribute("exists", "0");
  else
    out.text(component.content);
  out.close();
}

}  // namespace

std::string write_xcap_diff(std::string_view xcap_root, std::span<const DocumentChange> changes,
                            std::span<const ComponentState> components) {
  xml::Writer out("xcap-diff", xcap_diff_namespace);
  out.attribute("xcap-root", xcap_root);
  for (const DocumentChange& change : changes)
    write_document(out, change);
  for (const ComponentState& component : components)
    write_component(out, component);
  return out.take();
}

}  // namespace rollcall::bodies
