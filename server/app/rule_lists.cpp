// SPDX-License-Identifier: Apache-2.0
#include "rule_lists.hpp"

#include <limits>
#include <utility>

#include <rollcall/rules/identity.hpp>
#include <rollcall/xdm/resource_list.hpp>

namespace rollcall::app {

namespace {

using Members = presence::Agent::ListMembers;

base::Result<std::vector<std::string>> read_members(engine::Queries& queries, const sip::Aor& owner,
                                                    const std::string& list, const base::Limits& limits) {
  const xdm::FetchDocument fetch = [&queries](const sip::Aor& whose, const std::string& path) {
    return queries.document(whose, path);
  };
  xdm::ListBounds bounds;
  bounds.entries = std::numeric_limits<std::size_t>::max();  // as many as the documents hold
  bounds.documents.document_bytes = static_cast<std::size_t>(limits.document_bytes);
  bounds.documents.depth = static_cast<std::size_t>(limits.xml_depth);
  const auto read = xdm::read_referenced_list(owner, list, fetch, bounds);
  if (!read) return read.error();
  // Whom half a list leaves out may be one whom it was to keep out.
  if (read->cut) return base::Error{base::ErrorCode::too_large, "the list refers to too many others"};
  std::vector<std::string> members;
  for (const xdm::ListedUri& entry : read->entries)
    if (auto identity = rules::Identity::parse(entry.uri)) members.push_back(identity->text());
  return members;
}

base::Result<Members> read_all(engine::Queries& queries, const sip::Aor& owner,
                               const std::vector<std::string>& lists, const base::Limits& limits) {
  Members all;
  for (const std::string& list : lists) {
    auto members = read_members(queries, owner, list, limits);
    if (!members) return members.error();
    all[list] = std::move(*members);
  }
  return all;
}

}  // namespace

presence::Agent::ReadLists rule_lists(engine::Shard& shard, engine::Readers& readers) {
  return [&shard, &readers](const sip::Aor& owner, std::vector<std::string> lists,
                            base::MoveFunction<void(base::Result<Members>)> done) {
    readers.post(
        [&shard, owner, lists = std::move(lists), done = std::move(done)](engine::Queries& queries) mutable {
          auto members = read_all(queries, owner, lists, shard.limits());
          shard.post(
              [members = std::move(members), done = std::move(done)]() mutable { done(std::move(members)); });
        });
  };
}

}  // namespace rollcall::app
