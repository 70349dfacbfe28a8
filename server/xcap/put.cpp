// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"
#include "encoding.hpp"
#include "verbs.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <rollcall/xcap/media_types.hpp>

namespace rollcall::xcap {

namespace {

/// A Content-Type as far as it matters here.
struct MediaType {
  std::string_view type;
  std::string_view charset;  // "" without one
};

MediaType read_media_type(std::string_view field) {
  MediaType found;
  auto end = std::min(field.find(';'), field.size());
  found.type = xml::trim(field.substr(0, end));
  while (end < field.size()) {
    field.remove_prefix(end + 1);
    end = std::min(field.find(';'), field.size());
    const auto parameter = xml::trim(field.substr(0, end));
    constexpr std::string_view name = "charset=";
    if (!equal_without_case(parameter.substr(0, name.size()), name)) continue;
    found.charset = parameter.substr(name.size());
    if (found.charset.size() > 1 && found.charset.starts_with('"') && found.charset.ends_with('"'))
      found.charset = found.charset.substr(1, found.charset.size() - 2);
  }
  return found;
}

/// The type has to be the one of the resource, and the characters UTF-8 (RFC 4825 §8.2.2).
std::optional<Refusal> check_body(const Case& it, std::string_view media_type) {
  const std::string field = it.request.content_type.value_or("");
  const auto type = read_media_type(field);
  if (!equal_without_case(type.type, media_type))
    return Refusal{415, "the resource has the media type " + std::string(media_type), {}, {}};
  if (it.request.body.size() > it.limits().document_bytes)
    return Refusal{413, "the body is too large", {}, {}};
  if (!is_utf8_document(it.request.body, type.charset))
    return conflict(ConflictKind::not_utf_8, "the body is not UTF-8");
  return std::nullopt;
}

/// The directory and the name that a new document would have (RFC 4825 §8.2.1).
std::optional<Refusal> check_place(const Path& path) {
  const bool is_known = path.directories.empty() ||
                        (path.directories.size() == 1 && path.directories[0] == path.usage->directory);
  if (!is_known) return conflict(ConflictKind::no_parent, "there is no such directory");
  const bool is_default = path.tree == Tree::users && path.document == path.usage->default_document;
  if (path.usage->only_default_document && !is_default)
    return conflict(ConflictKind::constraint_failure, "this application has one document of a user: index");
  return std::nullopt;
}

Outcome put_document(const Case& it) {
  if (const auto refusal = check_place(it.path())) return answer(*refusal);
  if (auto answered = check_conditions(it, false)) return *answered;
  if (const auto refusal = check_body(it, it.path().usage->media_type)) return answer(*refusal);
  const auto document =
      Document::parse(std::string(it.request.body), {it.limits().document_bytes, it.limits().depth});
  if (!document) return answer(conflict(ConflictKind::not_well_formed, document.error().detail));
  if (const auto refusal = check_document(it, *document)) return answer(*refusal);
  return stored(document->text(), !it.current);
}

/// The report names the longest part of the selector that does select something.
Refusal no_parent(const Document& document, std::span<const Step> steps) {
  auto refusal = conflict(ConflictKind::no_parent, "the node selector selects no parent");
  while (!steps.empty() && !select(document, steps).is_one())
    steps = steps.first(steps.size() - 1);
  refusal.conflict->ancestor = write(steps);
  return refusal;
}

/// The change itself, once the parent is found and conditions hold.
std::variant<Edit, Refusal> edit_node(const Case& it, const Document& document, Document::Index parent) {
  if (it.selector->target == Target::attribute) {
    if (auto refusal = check_body(it, attribute_media_type)) return std::move(*refusal);
    const auto value = xml::trim(it.request.body);
    if (!is_att_value(value))
      return conflict(ConflictKind::not_xml_att_value, "the body is not an attribute value in quotes");
    return put_attribute(document, *it.selector, parent, value, it.limits());
  }
  if (auto refusal = check_body(it, element_media_type)) return std::move(*refusal);
  auto fragment = read_fragment(document, parent, it.request.body, it.limits());
  if (auto* refusal = std::get_if<Refusal>(&fragment)) return std::move(*refusal);
  return put_element(document, *it.selector, parent, std::get<Fragment>(fragment), it.limits());
}

Outcome put_node(const Case& it) {
  if (!it.current) return answer(conflict(ConflictKind::no_parent, "there is no such document"));
  // The conditions are about the document, of which a new node is a part already (RFC 4825 §8.2.6).
  if (auto answered = check_conditions(it, false)) return *answered;
  const auto opened = open_current(it);
  if (const auto* refusal = std::get_if<Refusal>(&opened)) return answer(*refusal);
  const auto& document = std::get<Document>(opened);
  const std::span<const Step> steps = it.selector->steps;
  const auto to_parent = it.selector->target == Target::attribute ? steps : steps.first(steps.size() - 1);
  const auto parent = select(document, to_parent);
  if (!parent.is_one()) return answer(no_parent(document, to_parent));
  auto edit = edit_node(it, document, parent.element);
  if (const auto* refusal = std::get_if<Refusal>(&edit)) return answer(*refusal);
  const auto& [changed, created] = std::get<Edit>(edit);
  if (const auto refusal = check_document(it, changed)) return answer(*refusal);
  return stored(changed.text(), created);
}

}  // namespace

Outcome put_resource(const Case& it) {
  return it.selector ? put_node(it) : put_document(it);
}

}  // namespace rollcall::xcap
