// SPDX-License-Identifier: Apache-2.0
#include "list_reader.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <rollcall/xdm/place.hpp>
#include <rollcall/xdm/resource_list.hpp>

namespace rollcall::app {

namespace {

using presence::ListWish;
using presence::WatchedList;

xdm::ListBounds bounds_of(const base::Limits& limits) {
  xdm::ListBounds bounds;
  bounds.entries = static_cast<std::size_t>(limits.list_members);
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

base::Result<WatchedList> read_list(engine::Queries& queries, const ListWish& wish,
                                    const base::Limits& limits) {
  const xdm::FetchDocument fetch = [&queries](const sip::Aor& owner, const std::string& path) {
    return queries.document(owner, path);
  };
  const xdm::ListBounds bounds = bounds_of(limits);
  if (!wish.own) return read_service(queries, wish, fetch, bounds);
  auto list = xdm::read_buddy_list(wish.owner, fetch, bounds);
  if (!list) return list.error();
  return watched(std::move(*list), wish.owner);
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

}  // namespace rollcall::app
