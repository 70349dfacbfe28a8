// SPDX-License-Identifier: Apache-2.0
#include "lists.hpp"

#include "constraints.hpp"
#include "namespaces.hpp"
#include "references.hpp"

#include <array>

#include <fmt/format.h>

namespace rollcall::xcap {

namespace {

/// What identifies an element among its siblings.
struct Key {
  std::string_view element;
  std::string_view attribute;
};

constexpr std::array<Key, 4> keys{
    {{"list", "name"}, {"entry", "uri"}, {"entry-ref", "ref"}, {"external", "anchor"}}};

Conflict failure(std::string phrase) {
  Conflict report;
  report.kind = ConflictKind::constraint_failure;
  report.phrase = std::move(phrase);
  return report;
}

/// Only the name of a list is the client's to choose; another URI would be another resource.
std::vector<std::string> alternatives(const Duplicate& row, const TextSet& taken) {
  if (row.attribute != "name") return {};
  return candidates(row.value, row.value.size(), taken, 3);
}

void check_children(const Document& document, Document::Index parent, std::string_view default_namespace,
                    Conflict& report) {
  for (const auto& key : keys) {
    std::vector<Duplicate> found;
    const auto seen = find_duplicates(document, parent, {lists_namespace, key.element}, key.attribute, found);
    for (const auto& row : found) {
      if (report.exists.size() == most_reported) return;
      report.exists.push_back(
          {field_of(document, row.element, row.attribute, default_namespace), alternatives(row, seen)});
    }
  }
}

std::optional<Conflict> check_reference(const Document& document, Document::Index element) {
  const auto name = document.element(element).expanded;
  if (name == ExpandedName{lists_namespace, "entry-ref"} &&
      !is_relative_path_reference(unfold(document.value(element, "ref").value_or(""))))
    return failure("the ref of an entry-ref is a relative path reference");
  if (name == ExpandedName{lists_namespace, "external"} &&
      !is_absolute_http_uri(unfold(document.value(element, "anchor").value_or(""))))
    return failure("the anchor of an external is an absolute HTTP URI");
  return std::nullopt;
}

}  // namespace

std::optional<Conflict> check_list_elements(const Document& document, std::string_view default_namespace) {
  Conflict report;
  report.kind = ConflictKind::uniqueness_failure;
  for (Document::Index i = 0; i < document.size(); ++i)
    if (document.element(i).first_child != Document::none)
      check_children(document, i, default_namespace, report);
  if (!report.exists.empty()) return report;
  for (Document::Index i = 0; i < document.size(); ++i)
    if (auto conflict = check_reference(document, i)) return conflict;
  return std::nullopt;
}

std::optional<Conflict> check_lists(const Document& document, const Path& path, const Surroundings&,
                                    const Limits&) {
  return check_list_elements(document, path.usage->default_namespace);
}

}  // namespace rollcall::xcap
