// SPDX-License-Identifier: Apache-2.0
#include "verbs.hpp"

#include <rollcall/xcap/media_types.hpp>

#include <fmt/format.h>

namespace rollcall::xcap {

namespace {

struct Content {
  std::string_view media_type;
  std::string text;
};

/// The bindings in scope of an element, as an element of its name (RFC 4825 §10).
std::string write_bindings(const Document& document, Document::Index element) {
  std::string text = fmt::format("<{}", document.element(element).name);
  for (const auto& row : document.bindings(element))
    text += fmt::format(" xmlns{}{}=\"{}\"", row.prefix.empty() ? "" : ":", row.prefix, row.uri);
  return text + "/>";
}

/// Nothing for a selector that selects nothing.
std::optional<Content> content_of(const Document& document, const NodeSelector& selector) {
  const auto match = select(document, selector.steps);
  if (!match.is_one()) return std::nullopt;
  switch (selector.target) {
    case Target::element:
      return Content{element_media_type, std::string(document.element_text(match.element))};
    case Target::namespaces:
      return Content{namespaces_media_type, write_bindings(document, match.element)};
    case Target::attribute:
      break;
  }
  const auto* attribute = document.find_attribute(match.element, selector.attribute.expanded());
  if (!attribute) return std::nullopt;
  return Content{attribute_media_type, std::string(document.quoted_value(*attribute))};
}

}  // namespace

Outcome get_resource(const Case& it) {
  if (!it.current) return answer({404, "there is no such document", {}, {}});
  std::optional<Content> content;
  if (it.selector) {
    const auto document = open_current(it);
    if (const auto* refusal = std::get_if<Refusal>(&document)) return answer(*refusal);
    content = content_of(std::get<Document>(document), *it.selector);
    if (!content) return answer({404, "the node selector selects nothing", {}, {}});
  }
  if (auto answered = check_conditions(it, true)) return *answered;
  if (!content) content = Content{it.path().usage->media_type, std::string(it.current->text)};
  Outcome outcome;
  outcome.headers.emplace_back("ETag", it.current->etag);
  outcome.headers.emplace_back("Content-Type", content->media_type);
  // Caches do not know that a change of one node changes others (RFC 4825 §9).
  outcome.headers.emplace_back("Cache-Control", "no-cache");
  outcome.body = std::move(content->text);
  return outcome;
}

}  // namespace rollcall::xcap
