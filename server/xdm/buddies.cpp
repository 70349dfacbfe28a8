// SPDX-License-Identifier: Apache-2.0
#include "buddy_document.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <rollcall/sip/uri.hpp>
#include <rollcall/xdm/buddies.hpp>

namespace rollcall::xdm {

namespace {

using Entry = BuddyDocument::Entry;
using Step = base::Result<std::string>;

constexpr std::string_view empty_document =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"></resource-lists>\n";

base::Result<xcap::Document> open(std::string_view text, const xcap::Limits& limits) {
  return xcap::Document::parse(std::string(text),
                               {std::max(text.size(), limits.document_bytes), limits.depth});
}

std::vector<Entry> of_uri(std::vector<Entry> entries, std::string_view uri) {
  std::erase_if(entries, [uri](const Entry& entry) { return entry.uri != uri; });
  return entries;
}

// Moves the first entry of the person to the group and forgets the others: then the group is what was asked
// for. Where the group has one already, that one stays.
Step regroup(const xcap::Document& document, const Buddy& buddy, const xcap::Limits& limits) {
  const BuddyDocument lists(document);
  auto entries = of_uri(lists.entries(), buddy.uri);
  const auto there = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
    return lists.buddy(entry).group == buddy.group;
  });
  if (there != entries.end()) {
    entries.erase(there);
    return lists.without(entries);
  }
  // The copy comes first: it is made of the places of the document as it is.
  const auto copied = open(lists.moved(entries.front(), buddy.group), limits);
  if (!copied) return copied.error();
  const BuddyDocument both(*copied);
  auto all = of_uri(both.entries(), buddy.uri);
  const auto old_ones = std::remove_if(
      all.begin(), all.end(), [&](const Entry& entry) { return both.buddy(entry).group == buddy.group; });
  all.erase(old_ones, all.end());
  return both.without(all);
}

}  // namespace

base::Result<std::string> buddy_uri(std::string_view text) {
  const auto uri = sip::Uri::parse(text);
  const auto whom = uri ? sip::Aor::from(*uri) : base::Result<sip::Aor>(uri.error());
  if (!whom) return base::malformed("not the SIP URI of a person");
  return whom->uri();
}

std::vector<Buddy> buddies_in(std::string_view document, const xcap::Limits& limits) {
  std::vector<Buddy> list;
  const auto parsed = open(document, limits);
  if (!parsed) return list;
  const BuddyDocument lists(*parsed);
  std::set<std::string> seen;
  for (const Entry& entry : lists.entries())
    if (seen.insert(entry.uri).second) list.push_back(lists.buddy(entry));
  return list;
}

Step with_buddy(std::optional<std::string_view> document, const Buddy& buddy, const xcap::Limits& limits) {
  auto current = open(document.value_or(empty_document), limits);
  if (!current) return current.error();
  const auto first_of = [&](const xcap::Document& where) {
    const auto entries = of_uri(BuddyDocument(where).entries(), buddy.uri);
    return entries.empty() ? std::nullopt : std::optional<Entry>(entries.front());
  };
  auto entry = first_of(*current);
  if (!entry) return BuddyDocument(*current).added(buddy);
  if (BuddyDocument(*current).buddy(*entry).group != buddy.group) {
    auto text = regroup(*current, buddy, limits);
    if (!text) return text;
    current = open(*text, limits);
    if (!current) return current.error();
    entry = first_of(*current);
  }
  const BuddyDocument lists(*current);
  if (lists.buddy(*entry).display_name == buddy.display_name) return current->text();
  return lists.renamed(*entry, buddy.display_name);
}

Step without_buddy(std::string_view document, std::string_view uri, const xcap::Limits& limits) {
  const auto current = open(document, limits);
  if (!current) return current.error();
  const BuddyDocument lists(*current);
  return lists.without(of_uri(lists.entries(), uri));
}

}  // namespace rollcall::xdm
