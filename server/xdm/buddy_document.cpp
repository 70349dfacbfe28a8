// SPDX-License-Identifier: Apache-2.0
#include "buddy_document.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace rollcall::xdm {

namespace {

using xcap::Document;

constexpr std::string_view lists_namespace = "urn:ietf:params:xml:ns:resource-lists";
constexpr std::string_view blanks = " \t\r\n";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string display_name_element(std::string_view prefix, std::string_view name) {
  return name.empty() ? "" : fmt::format("<{0}display-name>{1}</{0}display-name>", prefix, escaped(name));
}

std::string entry_element(std::string_view prefix, const Buddy& buddy) {
  const std::string start = fmt::format("<{}entry uri=\"{}\"", prefix, escaped(buddy.uri));
  if (buddy.display_name.empty()) return start + "/>";
  return fmt::format("{}>{}</{}entry>", start, display_name_element(prefix, buddy.display_name), prefix);
}

std::string list_element(std::string_view prefix, const std::string& group, std::string_view content) {
  const std::string name = group.empty() ? "" : fmt::format(" name=\"{}\"", escaped(group));
  return fmt::format("<{0}list{1}>{2}</{0}list>", prefix, name, content);
}

}  // namespace

bool BuddyDocument::is(Index element, std::string_view name) const {
  return document_.element(element).expanded == xcap::ExpandedName{lists_namespace, name};
}

std::optional<BuddyDocument::Index> BuddyDocument::child(Index parent, std::string_view name) const {
  for (auto at = document_.first_child(parent); at != Document::none; at = document_.element(at).next)
    if (is(at, name)) return at;
  return std::nullopt;
}

std::vector<BuddyDocument::Entry> BuddyDocument::entries() const {
  std::vector<Entry> found;
  for (Index i = 0; i < document_.size(); ++i) {
    const Index parent = document_.element(i).parent;
    if (parent == Document::none || !is(i, "entry") || !is(parent, "list")) continue;
    std::string uri = document_.value(i, "uri").value_or("");
    auto kept = buddy_uri(uri);
    found.push_back({i, parent, kept ? std::move(*kept) : std::move(uri)});
  }
  return found;
}

Buddy BuddyDocument::buddy(const Entry& entry) const {
  const auto name = child(entry.element, "display-name");
  return {entry.uri, name ? document_.characters(*name) : "",
          document_.value(entry.list, "name").value_or("")};
}

std::optional<BuddyDocument::Index> BuddyDocument::list_named(const std::string& group) const {
  for (Index i = 1; i < document_.size(); ++i)
    if (is(i, "list") && document_.value(i, "name").value_or("") == group) return i;
  return std::nullopt;
}

std::string BuddyDocument::prefix_of(Index element) const {
  const auto name = document_.element(element).name;
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? "" : std::string(name.substr(0, colon + 1));
}

// Where the schema wants a further part of a list: behind the others, before what is of other namespaces
// (RFC 4826 §3.2).
std::string BuddyDocument::inside(Index parent, std::string_view text) const {
  const std::string_view all = document_.text();
  const auto& row = document_.element(parent);
  if (row.is_empty_tag())
    return fmt::format("{}>{}</{}>{}", all.substr(0, row.end - 2), text, row.name, all.substr(row.end));
  std::size_t place = row.open_end;
  for (auto at = row.first_child; at != Document::none; at = document_.element(at).next)
    if (document_.element(at).expanded.namespace_uri == lists_namespace) place = document_.element(at).end;
  return fmt::format("{}{}{}", all.substr(0, place), text, all.substr(place));
}

std::string BuddyDocument::inserted(const std::string& group, const std::string& entry) const {
  const auto list = list_named(group);
  return list ? inside(*list, entry) : inside(0, list_element(prefix_of(0), group, entry));
}

std::string BuddyDocument::added(const Buddy& buddy) const {
  return inserted(buddy.group, entry_element(prefix_of(list_named(buddy.group).value_or(0)), buddy));
}

std::string BuddyDocument::renamed(const Entry& entry, const std::string& display_name) const {
  const std::string_view all = document_.text();
  const auto& row = document_.element(entry.element);
  const auto splice = [&](std::size_t begin, std::size_t end, std::string_view text) {
    return fmt::format("{}{}{}", all.substr(0, begin), text, all.substr(end));
  };
  if (const auto name = child(entry.element, "display-name")) {
    const auto& old = document_.element(*name);
    if (display_name.empty()) return splice(old.begin, old.end, "");
    if (!old.is_empty_tag()) return splice(old.open_end, old.close, escaped(display_name));
    return splice(old.end - 2, old.end, fmt::format(">{}</{}>", escaped(display_name), old.name));
  }
  // It comes first in an entry.
  const std::string made = display_name_element(prefix_of(entry.element), display_name);
  if (made.empty()) return std::string(all);
  if (row.is_empty_tag()) return splice(row.end - 2, row.end, fmt::format(">{}</{}>", made, row.name));
  return splice(row.open_end, row.open_end, made);
}

std::string BuddyDocument::without(const std::vector<Entry>& entries) const {
  const std::string_view all = document_.text();
  std::string text;
  std::size_t kept = 0;
  for (const Entry& entry : entries) {
    const auto& row = document_.element(entry.element);
    // With the white space that set it apart from what stands before it.
    const auto before = all.substr(0, row.begin).find_last_not_of(blanks) + 1;
    text += all.substr(kept, std::max(before, kept) - kept);
    kept = row.end;
  }
  return text.append(all.substr(kept));
}

// An element as it can stand in another one: what prefixes meant where it was is declared on it.
std::string BuddyDocument::stand_alone(Index element, const std::optional<Index>& parent) const {
  const auto& row = document_.element(element);
  const auto known = document_.bindings(parent.value_or(0));
  std::string declarations;
  for (const auto& binding : document_.bindings(row.parent)) {
    if (std::find(known.begin(), known.end(), binding) != known.end()) continue;
    const std::string name = binding.prefix.empty() ? "xmlns" : fmt::format("xmlns:{}", binding.prefix);
    const auto own = document_.element_text(element).substr(0, row.open_end - row.begin);
    if (own.find(name + "=") != std::string_view::npos) continue;
    declarations += fmt::format(" {}=\"{}\"", name, escaped(binding.uri));
  }
  const auto text = document_.element_text(element);
  const auto name_end = row.name.size() + 1;
  return fmt::format("{}{}{}", text.substr(0, name_end), declarations, text.substr(name_end));
}

std::string BuddyDocument::moved(const Entry& entry, const std::string& group) const {
  return inserted(group, stand_alone(entry.element, list_named(group)));
}

}  // namespace rollcall::xdm
