// SPDX-License-Identifier: Apache-2.0
#include "constraints.hpp"
#include "lists.hpp"
#include "namespaces.hpp"
#include "references.hpp"

#include <algorithm>

namespace rollcall::xcap {

namespace {

constexpr ExpandedName service_name{services_namespace, "service"};
constexpr std::size_t alternatives_given = 3;
constexpr std::size_t alternatives_asked = 8;  // some of them may be taken too

std::vector<std::string> ask(const Surroundings& surroundings, const std::vector<std::string>& uris) {
  if (!surroundings.taken || uris.empty()) return {};
  return surroundings.taken(uris);
}

/// The same URI with a number behind its user part, as far as nobody has that.
std::vector<std::string> alternatives(const std::string& uri, const TextSet& here,
                                      const Surroundings& surroundings) {
  auto free = candidates(uri, std::min(uri.find('@'), uri.size()), here, alternatives_asked);
  const auto taken = ask(surroundings, free);
  std::erase_if(free,
                [&](const auto& row) { return std::find(taken.begin(), taken.end(), row) != taken.end(); });
  free.resize(std::min(free.size(), alternatives_given));
  return free;
}

/// Services whose URI somebody else has. `here` are the URIs of the document.
void find_taken(const Document& document, const TextSet& here, const Surroundings& surroundings,
                std::vector<Duplicate>& found) {
  const auto list = ask(surroundings, {here.begin(), here.end()});
  const TextSet taken(list.begin(), list.end());
  for (auto child = document.first_child(0); child != Document::none; child = document.element(child).next) {
    auto uri = document.value(child, "uri");
    if (uri && taken.contains(*uri) && found.size() < most_reported)
      found.push_back({child, "uri", std::move(*uri)});
  }
}

std::optional<Conflict> check_uris(const Document& document, const Path& path,
                                   const Surroundings& surroundings) {
  std::vector<Duplicate> found;
  const auto here = find_duplicates(document, 0, service_name, "uri", found);
  find_taken(document, here, surroundings, found);
  if (found.empty()) return std::nullopt;
  Conflict report;
  report.kind = ConflictKind::uniqueness_failure;
  for (const auto& row : found)
    report.exists.push_back({field_of(document, row.element, row.attribute, path.usage->default_namespace),
                             alternatives(row.value, here, surroundings)});
  return report;
}

/// nullptr when the reference may stay.
const char* reference_fault(const std::string& uri, const Path& path, const Surroundings& surroundings) {
  if (!is_absolute_http_uri(uri)) return "a resource-list is an absolute HTTP URI";
  const auto reference = read_list_reference(uri, surroundings.roots);
  if (!reference || reference->auid != "resource-lists")
    return "a resource-list is in the resource-lists of this XCAP root";
  if (reference->tree != "users" || reference->xui.empty())
    return "a resource-list is in somebody's home directory";
  if (path.tree == Tree::users && !is_same_user(reference->xui, path.xui))
    return "a resource-list is in the home directory of the user who has the service";
  return nullptr;
}

}  // namespace

std::optional<Conflict> check_services(const Document& document, const Path& path,
                                       const Surroundings& surroundings, const Limits&) {
  if (auto conflict = check_uris(document, path, surroundings)) return conflict;
  for (Document::Index i = 0; i < document.size(); ++i) {
    if (document.element(i).expanded != ExpandedName{services_namespace, "resource-list"}) continue;
    if (const char* fault = reference_fault(unfold(document.characters(i)), path, surroundings))
      return Conflict{ConflictKind::constraint_failure, fault, {}, {}};
  }
  return check_list_elements(document, path.usage->default_namespace);
}

}  // namespace rollcall::xcap
