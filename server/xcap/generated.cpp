// SPDX-License-Identifier: Apache-2.0
#include "namespaces.hpp"
#include "writing.hpp"

#include <algorithm>
#include <tuple>

#include <rollcall/xcap/generated.hpp>
#include <rollcall/xcap/usage.hpp>
#include <rollcall/xml/element.hpp>

#include <fmt/format.h>

namespace rollcall::xcap {

namespace {

std::string without_quotes(std::string_view etag) {
  if (etag.size() > 1 && etag.starts_with('"') && etag.ends_with('"')) etag = etag.substr(1, etag.size() - 2);
  return std::string(etag);
}

/// A service as it can stand anywhere, with every binding that is in its scope.
std::string stand_alone(const Document& document, Document::Index service) {
  const auto& row = document.element(service);
  const auto text = document.element_text(service);
  const auto name_end = row.name.size() + 1;
  std::string declarations;
  const auto bindings = document.bindings(service);
  // The index has a default namespace, which must not reach into a service that had none.
  if (bindings.empty() || !bindings.front().prefix.empty()) declarations = " xmlns=\"\"";
  for (const auto& binding : bindings)
    declarations +=
        fmt::format(" xmlns{}{}=\"{}\"", binding.prefix.empty() ? "" : ":", binding.prefix, binding.uri);
  // Its own declarations are among the bindings, and must not come twice.
  std::string attributes;
  for (const auto& attribute : document.attributes(service))
    attributes += fmt::format(" {}={}", attribute.name, document.quoted_value(attribute));
  return fmt::format("{}{}{}{}", text.substr(0, name_end), declarations, attributes,
                     text.substr(row.tag_end - row.begin));
}

}  // namespace

std::string capabilities(const Schemas& schemas) {
  std::string auids;
  for (const auto& usage : application_usages())
    auids += fmt::format("  <auid>{}</auid>\n", usage.auid);
  std::string namespaces;
  for (const auto& uri : schemas.namespaces())
    namespaces += fmt::format("  <namespace>{}</namespace>\n", xml::attribute_text(uri));
  return fmt::format(
      "{}<xcap-caps xmlns=\"{}\">\n <auids>\n{} </auids>\n <extensions/>\n <namespaces>\n{} </namespaces>\n"
      "</xcap-caps>\n",
      xml_declaration, caps_namespace, auids, namespaces);
}

std::string directory(std::vector<DirectoryEntry> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return std::tie(a.auid, a.uri) < std::tie(b.auid, b.uri); });
  std::string folders;
  std::string_view open;
  for (const auto& entry : entries) {
    if (entry.auid != open) {
      if (!open.empty()) folders += " </folder>\n";
      folders += fmt::format(" <folder auid=\"{}\">\n", xml::attribute_text(entry.auid));
      open = entry.auid;
    }
    folders += fmt::format("  <entry uri=\"{}\" etag=\"{}\" size=\"{}\"/>\n", xml::attribute_text(entry.uri),
                           xml::attribute_text(without_quotes(entry.etag)), entry.size);
  }
  if (!open.empty()) folders += " </folder>\n";
  return fmt::format("{}<xcap-directory xmlns=\"{}\">\n{}</xcap-directory>\n", xml_declaration,
                     directory_namespace, folders);
}

std::string services_index(std::span<const std::string_view> documents, const Limits& limits) {
  std::string services;
  for (const auto text : documents) {
    const auto document = Document::parse(std::string(text), {limits.document_bytes, limits.depth});
    if (!document || document->element(0).expanded != ExpandedName{services_namespace, "rls-services"})
      continue;
    for (auto child = document->first_child(0); child != Document::none;
         child = document->element(child).next)
      services += fmt::format(" {}\n", stand_alone(*document, child));
  }
  return fmt::format("{}<rls-services xmlns=\"{}\">\n{}</rls-services>\n", xml_declaration,
                     services_namespace, services);
}

}  // namespace rollcall::xcap
