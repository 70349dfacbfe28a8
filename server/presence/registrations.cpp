// SPDX-License-Identifier: Apache-2.0
// What somebody is told of his own registrations (RFC 3680).
#include "agent_records.hpp"

namespace rollcall::presence {

void Agent::apply(const model::RemoveBinding& change) {
  Presentity* found = presentities_.find(change.aor.text());
  if (!found || !change.by_server) return;
  for (const auto& watcher : found->watchers)
    if (watcher->topic() == Topic::registrations) watcher->remembered().contacts.on_removal(change.id);
}

bool Agent::look_at_contacts(Watcher& watcher) {
  const std::string& aor = watcher.subscription.presentity.text();
  const bool enabled = directory_.find_enabled(aor) != nullptr;
  return watcher.remembered().contacts.update(registrar_.bindings(aor), enabled, shard_.now());
}

void Agent::tell_registrations(const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  if (!found) return;
  std::vector<std::uint64_t> ids;
  for (const auto& watcher : found->watchers)
    if (watcher->topic() == Topic::registrations && look_at_contacts(*watcher))
      ids.push_back(watcher->subscription.id);
  for (const std::uint64_t id : ids)
    if (Watcher* watcher = find_watcher(id)) notify(*watcher);
}

// Versions as those of watcher information: they are the CSeq of the NOTIFY (RFC 3680 §5.1). The last
// document of a subscription is whole: none follows.
std::string Agent::registrations_text(Watcher& watcher) {
  look_at_contacts(watcher);
  KnownContacts& contacts = watcher.remembered().contacts;
  if (watcher.left) contacts.tell_all();
  KnownContacts::News news = contacts.take(shard_.now());
  news.registration.aor = watcher.subscription.presentity.uri();
  return bodies::write_reginfo(watcher.cseq, news.coverage, {&news.registration, 1});
}

}  // namespace rollcall::presence
