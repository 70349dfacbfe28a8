// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace rollcall::xcap {

namespace {

constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";

/// A part of a text and what takes its place.
struct Splice {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

std::variant<Document, Refusal> apply(const Document& document, const Splice& splice, const Limits& limits) {
  const std::string_view all = document.text();
  auto text = fmt::format("{}{}{}", all.substr(0, splice.begin), splice.text, all.substr(splice.end));
  auto changed = Document::parse(std::move(text), {limits.document_bytes, limits.depth});
  if (changed) return std::move(*changed);
  if (changed.error().code == base::ErrorCode::too_large) return Refusal{413, changed.error().detail, {}, {}};
  return conflict(ConflictKind::constraint_failure, changed.error().detail);
}

Refusal cannot_insert(std::string phrase) {
  return conflict(ConflictKind::cannot_insert, std::move(phrase));
}

/// How the position of a new element is counted.
bool counts(const Document& document, Document::Index child, const Step& step) {
  return step.any || document.element(child).expanded == step.name.expanded();
}

/// Right after the last sibling of the same name, or nullopt: the "earliest last" position.
std::optional<std::size_t> after_last(const Document& document, Document::Index parent, ExpandedName name) {
  std::optional<std::size_t> place;
  for (auto child = document.first_child(parent); child != Document::none;
       child = document.element(child).next)
    if (document.element(child).expanded == name) place = document.element(child).end;
  return place;
}

/// The "earliest nth" position; nullopt when there are not as many siblings before it.
std::optional<std::size_t> nth_place(const Document& document, Document::Index parent, const Step& step) {
  std::uint32_t before = 0;
  for (auto child = document.first_child(parent); child != Document::none;
       child = document.element(child).next) {
    if (!counts(document, child, step)) continue;
    if (*step.position == 1) return document.element(child).begin;
    if (++before == *step.position - 1) return document.element(child).end;
  }
  // The first one of its kind is not constrained: it goes behind all others.
  if (*step.position == 1) return document.element(parent).close;
  return std::nullopt;
}

/// Where a new element goes (RFC 4825 §8.2.3), nullopt when the position cannot be had.
std::optional<std::size_t> place_for(const Document& document, Document::Index parent, const Step& step,
                                     ExpandedName name) {
  if (step.position) return *step.position == 0 ? std::nullopt : nth_place(document, parent, step);
  const auto place = after_last(document, parent, name);
  return place ? *place : document.element(parent).close;
}

/// Puts text into an element. An empty-element tag becomes a pair of tags around it.
Splice insertion(const Document& document, Document::Index parent, std::size_t place, std::string_view text) {
  const auto& row = document.element(parent);
  if (!row.is_empty_tag()) return {place, place, std::string(text)};
  return {row.end - 2, row.end, fmt::format(">{}</{}>", text, row.name)};
}

/// Whether the selector finds the element that begins there and is that long.
bool finds(const Document& document, const NodeSelector& selector, std::size_t begin, std::size_t size) {
  const auto match = select(document, selector.steps);
  if (!match.is_one()) return false;
  const auto& row = document.element(match.element);
  return row.begin == begin && row.end == begin + size;
}

/// What `xmlns` a new attribute needs and how it is called there.
struct AttributeName {
  std::string declaration;
  std::string written;
};

std::optional<AttributeName> name_for(const Document& document, Document::Index element,
                                      const SelectorName& name) {
  if (name.namespace_uri.empty()) return AttributeName{{}, name.local};
  if (name.namespace_uri == xml_namespace) return AttributeName{{}, "xml:" + name.local};
  const auto bindings = document.bindings(element);
  const auto bound = std::find_if(bindings.begin(), bindings.end(), [&](const auto& row) {
    return !row.prefix.empty() && row.uri == name.namespace_uri;
  });
  if (bound != bindings.end()) return AttributeName{{}, fmt::format("{}:{}", bound->prefix, name.local)};
  const auto same = [&](const auto& row) { return row.prefix == name.prefix; };
  if (std::any_of(bindings.begin(), bindings.end(), same)) return std::nullopt;
  // Such a name is in no document, and must not end its quotes in ours.
  if (name.namespace_uri.find_first_of("\"<&") != std::string::npos) return std::nullopt;
  return AttributeName{fmt::format(" xmlns:{}=\"{}\"", name.prefix, name.namespace_uri),
                       fmt::format("{}:{}", name.prefix, name.local)};
}

std::variant<Edit, Refusal> finish_attribute(const Document& document, const NodeSelector& selector,
                                             const Splice& splice, std::size_t value, const Limits& limits) {
  auto changed = apply(document, splice, limits);
  if (auto* refusal = std::get_if<Refusal>(&changed)) return std::move(*refusal);
  auto& result = std::get<Document>(changed);
  const auto* attribute = select_attribute(result, selector);
  if (!attribute || attribute->value != value)
    return cannot_insert("the node selector would not select the attribute that was put");
  return Edit{std::move(result), splice.begin == splice.end};
}

Splice without(const Document& document, const NodeSelector& selector, Document::Index element) {
  if (selector.target == Target::attribute) {
    const auto* attribute = document.find_attribute(element, selector.attribute.expanded());
    return {attribute->begin, attribute->end, {}};
  }
  const auto& row = document.element(element);
  return {row.begin, row.end, {}};
}

}  // namespace

std::variant<Edit, Refusal> put_element(const Document& document, const NodeSelector& selector,
                                        Document::Index parent, const Fragment& fragment,
                                        const Limits& limits) {
  const auto& step = selector.steps.back();
  const auto match = select_child(document, parent, step);
  if (match.count == Match::Count::several)
    return cannot_insert("the node selector selects several elements");
  if (!match.is_one() && parent == Document::none) return cannot_insert("a document has one root element");
  Splice splice;
  std::size_t begin = 0;
  if (match.is_one()) {
    const auto& row = document.element(match.element);
    begin = row.begin;
    splice = {row.begin, row.end, std::string(fragment.text)};
  } else {
    const auto place = place_for(document, parent, step, fragment.expanded());
    if (!place) return cannot_insert("there are too few elements before that position");
    splice = insertion(document, parent, *place, fragment.text);
    begin = document.element(parent).is_empty_tag() ? splice.begin + 1 : *place;
  }
  auto changed = apply(document, splice, limits);
  if (auto* refusal = std::get_if<Refusal>(&changed)) return std::move(*refusal);
  auto& result = std::get<Document>(changed);
  if (!finds(result, selector, begin, fragment.text.size()))
    return cannot_insert("the node selector would not select the element that was put");
  return Edit{std::move(result), !match.is_one()};
}

std::variant<Edit, Refusal> put_attribute(const Document& document, const NodeSelector& selector,
                                          Document::Index element, std::string_view value,
                                          const Limits& limits) {
  if (const auto* old = document.find_attribute(element, selector.attribute.expanded()))
    return finish_attribute(document, selector, {old->value, old->end, std::string(value)}, old->value,
                            limits);
  const auto name = name_for(document, element, selector.attribute);
  if (!name) return cannot_insert("that prefix cannot be declared there");
  const auto place = document.element(element).tag_end;
  const auto front = fmt::format("{} {}=", name->declaration, name->written);
  return finish_attribute(document, selector, {place, place, front + std::string(value)},
                          place + front.size(), limits);
}

std::variant<Edit, Refusal> remove_node(const Document& document, const NodeSelector& selector,
                                        const Limits& limits) {
  if (!selects(document, selector)) return Refusal{404, "the node selector selects nothing", {}, {}};
  const auto element = select(document, selector.steps).element;
  if (selector.target == Target::element && element == 0)
    return conflict(ConflictKind::schema_validation_error, "a document needs its root element");
  auto changed = apply(document, without(document, selector, element), limits);
  if (auto* refusal = std::get_if<Refusal>(&changed)) return std::move(*refusal);
  auto& result = std::get<Document>(changed);
  if (selects(result, selector))
    return conflict(ConflictKind::cannot_delete, "the node selector would select another node afterwards");
  return Edit{std::move(result), false};
}

}  // namespace rollcall::xcap
