// SPDX-License-Identifier: Apache-2.0
// Subscriptions to changes of XCAP documents (RFC 5875).
#include "agent_records.hpp"

#include <rollcall/base/log.hpp>

namespace rollcall::presence {

namespace {

constexpr base::Log logger{"presence"};

constexpr std::string_view come_back = "probation;retry-after=5";

}  // namespace

// Without a body it is about all documents of the user, in a dialog about what it was about before.
std::optional<sip::Reply> Agent::take_documents(const sip::Message& message,
                                                model::Subscription& subscription) const {
  if (message.body().empty()) return std::nullopt;
  auto documents = documents_in(message, shard_.limits());
  if (!documents) return documents_refusal(documents.error());
  subscription.resources = *documents;
  return std::nullopt;
}

// Each costs a reading of documents for every change. One that the same device has made before goes.
bool Agent::follows_too_much(const model::Subscription& subscription) const {
  Presentity* found = presentities_.find(subscription.presentity.text());
  if (!found) return false;
  const auto followers = static_cast<std::size_t>(
      std::count_if(found->watchers.begin(), found->watchers.end(),
                    [](const auto& watcher) { return watcher->topic() == Topic::documents; }));
  return followers - same_device(subscription).size() >=
         static_cast<std::size_t>(shard_.limits().xcap_diffs_per_user);
}

// Documents of the global tree are followed on every shard.
void Agent::tell_followers(const std::string& owner) {
  if (owner.empty()) {
    for (std::uint16_t shard = 0; shard < shards(); ++shard)
      shard_.run_on(shard, [peer = peer_at(shard)] { peer->tell_followers_of_global(); });
    return;
  }
  Presentity* found = presentities_.find(owner);
  if (!found) return;
  std::vector<std::uint64_t> ids;
  for (const auto& watcher : found->watchers)
    if (watcher->topic() == Topic::documents) ids.push_back(watcher->subscription.id);
  read_again(ids);
}

void Agent::tell_followers_of_global() {
  std::vector<std::uint64_t> ids;
  for (Watcher* watcher : by_id_)
    if (watcher->topic() == Topic::documents && watcher->remembered().following.uses_global)
      ids.push_back(watcher->subscription.id);
  read_again(ids);
}

void Agent::read_again(const std::vector<std::uint64_t>& ids) {
  for (const std::uint64_t id : ids) {
    Watcher* watcher = find_watcher(id);
    if (!watcher || watcher->left) continue;
    watcher->remembered().following.unread = true;
    notify(*watcher);
  }
}

// The next NOTIFY of changes needs to know what there is. False: it is not known yet, or nothing is new, or
// it is too early; it goes on when that is otherwise. The last NOTIFY of a subscription needs no body, that
// of a fetch is all there is.
bool Agent::has_document_changes(Watcher& watcher) {
  Following& following = watcher.remembered().following;
  if (following.gave_up || (watcher.left && !following.fetched)) return true;
  if (!following.whole && following.not_before > shard_.now()) {
    try_at(watcher, following.not_before);
    return false;
  }
  if (following.read) return make_document_changes(watcher);
  if (following.unread && !following.reading)
    read_documents(watcher);
  else if (!following.reading)
    watcher.owed = false;
  return false;
}

// What changes while it is read is told in the next, however fast it changes.
bool Agent::make_document_changes(Watcher& watcher) {
  Following& following = watcher.remembered().following;
  const auto text = following.known.tell(*following.read);
  following.uses_global = following.read->uses_global;
  following.read.reset();
  following.whole = false;
  following.not_before =
      shard_.now() + std::chrono::milliseconds(shard_.limits().xcap_diff_pause_milliseconds);
  if (text) {
    following.body = std::make_shared<const std::string>(*text);
    return true;
  }
  watcher.owed = false;
  if (following.unread) try_at(watcher, following.not_before);
  return false;
}

void Agent::read_documents(Watcher& watcher) {
  Following& following = watcher.remembered().following;
  following.unread = false;
  following.reading = true;
  DocumentWish wish;
  wish.reader = watcher.subscription.watcher;
  wish.own = watcher.subscription.resources.empty();
  wish.uris = document_uris(watcher.subscription.resources, shard_.limits());
  const std::uint64_t id = watcher.subscription.id;
  const std::uint32_t edition = following.edition;
  const auto take = [this, id, edition](base::Result<FollowedDocuments> read) {
    on_documents(id, edition, std::move(read));
  };
  if (!read_documents_) return take(FollowedDocuments());
  read_documents_(wish, take);
}

// Without the database it is told when that is back; who fetches may ask again.
void Agent::on_documents(std::uint64_t id, std::uint32_t edition, base::Result<FollowedDocuments> read) {
  Watcher* watcher = find_watcher(id);
  if (!watcher || watcher->last_sent) return;
  Following& following = watcher->remembered().following;
  following.reading = false;
  if (watcher->left && !following.fetched) return;
  if (edition != following.edition) return notify(*watcher);
  if (read) {
    following.read = std::move(*read);
    return notify(*watcher);
  }
  logger.info("documents_unread", base::kv("watcher", watcher->subscription.watcher.text()),
              base::kv("why", read.error().detail));
  if (watcher->left) {
    following.gave_up = true;
    watcher->end_reason = come_back;
    return notify(*watcher);
  }
  following.unread = true;
  try_at(*watcher, shard_.now() + database_retry);
}

}  // namespace rollcall::presence
