// SPDX-License-Identifier: Apache-2.0
#include "writing.hpp"

#include <utility>

#include <rollcall/xcap/conflict.hpp>
#include <rollcall/xml/element.hpp>

#include <fmt/format.h>

namespace rollcall::xcap {

namespace {

// In the order of the enumeration.
constexpr std::string_view names[] = {
    "not-well-formed", "not-xml-frag",  "no-parent",          "schema-validation-error", "not-xml-att-value",
    "cannot-insert",   "cannot-delete", "uniqueness-failure", "constraint-failure",      "not-utf-8",
};

std::string write_exists(const Exists& row) {
  std::string text = fmt::format("<exists field=\"{}\">", xml::attribute_text(row.field));
  for (const auto& value : row.alternatives)
    text += fmt::format("<alt-value>{}</alt-value>", xml::attribute_text(value));
  return text + "</exists>";
}

/// What stands within the error element.
std::string write_content(const Conflict& conflict) {
  std::string text;
  if (conflict.kind == ConflictKind::no_parent && !conflict.ancestor.empty())
    text = fmt::format("<ancestor>{}</ancestor>", xml::attribute_text(conflict.ancestor));
  if (conflict.kind == ConflictKind::uniqueness_failure)
    for (const auto& row : conflict.exists)
      text += write_exists(row);
  return text;
}

}  // namespace

std::string_view to_string(ConflictKind kind) {
  return names[static_cast<std::size_t>(kind)];
}

std::string write(const Conflict& conflict) {
  const auto name = to_string(conflict.kind);
  const auto phrase = conflict.phrase.empty()
                          ? std::string()
                          : fmt::format(" phrase=\"{}\"", xml::attribute_text(conflict.phrase));
  return fmt::format("{}<xcap-error xmlns=\"urn:ietf:params:xml:ns:xcap-error\"><{}{}>{}</{}></xcap-error>\n",
                     xml_declaration, name, phrase, write_content(conflict), name);
}

Refusal conflict(ConflictKind kind, std::string phrase) {
  Conflict report;
  report.kind = kind;
  report.phrase = std::move(phrase);
  return {409, report.phrase, std::move(report), {}};
}

}  // namespace rollcall::xcap
