// SPDX-License-Identifier: Apache-2.0
#include "list_reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <rollcall/rules/identity.hpp>
#include <rollcall/xdm/place.hpp>
#include <rollcall/xdm/resource_list.hpp>

namespace rollcall::app {

namespace {

using presence::ListWish;
using presence::WatchedList;

using RuleMembers = presence::Agent::ListMembers;

xdm::FetchDocument fetch_from(engine::Queries& queries) {
  return [&queries](const sip::Aor& owner, const std::string& path) { return queries.document(owner, path); };
}

xdm::ListBounds bounds_of(const base::Limits& limits, std::size_t entries) {
  xdm::ListBounds bounds;
  bounds.entries = entries;
  bounds.documents.document_bytes = static_cast<std::size_t>(limits.document_bytes);
  bounds.documents.depth = static_cast<std::size_t>(limits.xml_depth);
  return bounds;
}

WatchedList watched(xdm::ResourceList list, sip::Aor owner) {
  WatchedList made;
  made.owner = std::move(owner);
  made.display_name = std::move(list.display_name);
  for (xdm::ListedUri& entry : list.entries)
    made.members.push_back({std::move(entry.uri), std::move(entry.display_name)});
  for (xdm::DocumentName& document : list.documents)
    if (std::find(made.sources.begin(), made.sources.end(), document.first) == made.sources.end())
      made.sources.push_back(std::move(document.first));
  return made;
}

base::Result<WatchedList> read_service(engine::Queries& queries, const ListWish& wish,
                                       const xdm::FetchDocument& fetch, const xdm::ListBounds& bounds) {
  const auto document = queries.service(xdm::service_uri(wish.uri));
  if (!document) return document.error();
  if (!*document) return base::not_found("no such list");
  const sip::Aor owner = (*document)->owner;
  if (!wish.owner.empty() && !owner.empty() && wish.owner != owner)
    return base::not_found("the list is another's now");
  auto list = xdm::read_list_service(**document, wish.uri, wish.event, fetch, bounds);
  if (!list) return list.error();
  return watched(std::move(*list), owner);
}

// Of a service: nobody has defined it, or not for this package.
bool is_missing(const base::Error& error) {
  return error.code == base::ErrorCode::not_found || error.code == base::ErrorCode::unsupported;
}

// Clients define services of their own under the names that the server has for everybody: then it is theirs.
base::Result<WatchedList> read_list(engine::Queries& queries, const ListWish& wish,
                                    const base::Limits& limits) {
  const xdm::FetchDocument fetch = fetch_from(queries);
  const xdm::ListBounds bounds = bounds_of(limits, static_cast<std::size_t>(limits.list_members));
  auto defined = read_service(queries, wish, fetch, bounds);
  if (!wish.own || defined || !is_missing(defined.error())) return defined;
  auto list = xdm::read_buddy_list(wish.owner, fetch, bounds);
  if (!list) return list.error();
  return watched(std::move(*list), wish.owner);
}

base::Result<std::vector<std::string>> read_members(engine::Queries& queries, const sip::Aor& owner,
                                                    const std::string& list, const base::Limits& limits) {
  constexpr auto all = std::numeric_limits<std::size_t>::max();  // as many as the documents hold
  const auto read = xdm::read_referenced_list(owner, list, fetch_from(queries), bounds_of(limits, all));
  if (!read) return read.error();
  // Whom half a list leaves out may be one whom it was to keep out.
  if (read->cut) return base::Error{base::ErrorCode::too_large, "the list refers to too many others"};
  std::vector<std::string> members;
  for (const xdm::ListedUri& entry : read->entries)
    if (auto identity = rules::Identity::parse(entry.uri)) members.push_back(identity->text());
  return members;
}

base::Result<RuleMembers> read_all(engine::Queries& queries, const sip::Aor& owner,
                                   const std::vector<std::string>& lists, const base::Limits& limits) {
  RuleMembers all;
  for (const std::string& list : lists) {
    auto members = read_members(queries, owner, list, limits);
    if (!members) return members.error();
    all[list] = std::move(*members);
  }
  return all;
}

}  // namespace

presence::ReadList list_reader(engine::Shard& shard, engine::Readers& readers) {
  return [&shard, &readers](const ListWish& wish, base::MoveFunction<void(base::Result<WatchedList>)> done) {
    readers.post([&shard, wish, done = std::move(done)](engine::Queries& queries) mutable {
      auto list = read_list(queries, wish, shard.limits());
      shard.post([list = std::move(list), done = std::move(done)]() mutable { done(std::move(list)); });
    });
  };
}

presence::Agent::ReadLists rule_lists(engine::Shard& shard, engine::Readers& readers) {
  return [&shard, &readers](const sip::Aor& owner, std::vector<std::string> lists,
                            base::MoveFunction<void(base::Result<RuleMembers>)> done) {
    readers.post(
        [&shard, owner, lists = std::move(lists), done = std::move(done)](engine::Queries& queries) mutable {
          auto members = read_all(queries, owner, lists, shard.limits());
          shard.post(
              [members = std::move(members), done = std::move(done)]() mutable { done(std::move(members)); });
        });
  };
}

}  // namespace rollcall::app
