// SPDX-License-Identifier: Apache-2.0
// The agent's watchers: memory, and how subscriptions end.
#include "agent_records.hpp"

#include <rollcall/base/log.hpp>

namespace rollcall::presence {

namespace {
constexpr base::Log logger{"presence"};
}

void Agent::apply(const model::SaveSubscription& change) {
  const model::Subscription& saved = change.subscription;
  if (!find_package(saved.event)) return;  // kept by a later version of this program
  Presentity& watched = presentity(saved.presentity);
  Watcher* watcher = find_watcher(saved.id);
  if (!watcher) {
    auto made = std::make_unique<Watcher>(*this, saved);
    watcher = made.get();
    by_id_.insert(watcher);
    by_tag_.insert(watcher);
    watched.watchers.push_back(std::move(made));
    shard_.metrics().add(base::Metric::subscriptions);
    note_begin(watched, *watcher);
  } else {
    // The rules decide about the state, not the row.
    const model::Subscription::State state = watcher->subscription.state;
    if (watcher->list) watcher->list->unread |= watcher->subscription.resources != saved.resources;
    watcher->subscription = saved;
    if (watcher->judged) watcher->subscription.state = state;
    watcher->flow_moved = false;
    tell_all_next_time(*watcher);
  }
  watcher->subscription.presentity = watched.aor;
  texts_.share(watcher->subscription.event);
  texts_.share(watcher->subscription.accept);
  texts_.share(watcher->subscription.user_agent);
  on_kept(*watcher);
}

void Agent::apply(const model::RefreshSubscription& change) {
  Watcher* watcher = find_watcher(change.id);
  if (!watcher) return;
  change.apply_to(watcher->subscription);
  tell_all_next_time(*watcher);
  on_kept(*watcher);
}

// The numbers that the row reserves for this run, and when it expires.
void Agent::on_kept(Watcher& watcher) {
  const std::uint32_t before = watcher.subscription.cseq_before(shard_.run().number);
  watcher.cseq = std::max(watcher.cseq, before);
  watcher.reserved_to = before + model::Subscription::cseq_block - 1;
  set_timer(watcher);
}

void Agent::apply(const model::RemoveSubscription& change) {
  if (Presentity* found = presentities_.find(change.presentity.text())) leave(*found, change.id);
}

void Agent::apply(const model::RemoveUser& change) {
  rulebook_->apply(change);
  Presentity* found = presentities_.find(change.aor.text());
  if (!found) return;
  Presentity& presentity = *found;
  if (presentity.more) presentity.more->waiting.clear();
  shard_.metrics().add(base::Metric::publications,
                       -static_cast<std::int64_t>(presentity.publications.size()));
  presentity.publications.clear();
  presentity.change();
  while (!presentity.watchers.empty()) {
    Watcher& watcher = *presentity.watchers.back();
    watcher.end_reason = "noresource";
    leave(presentity, watcher.subscription.id);
  }
}

// Off the disk: out of the presentity's watchers, and gone, unless one more NOTIFY is due.
void Agent::leave(Presentity& presentity, std::uint64_t id) {
  auto& watchers = presentity.watchers;
  const auto place = std::find_if(watchers.begin(), watchers.end(),
                                  [&](const auto& one) { return one->subscription.id == id; });
  if (place == watchers.end()) return;
  std::unique_ptr<Watcher> watcher = std::move(*place);
  watchers.erase(place);
  by_tag_.erase(watcher->subscription.dialog.local_tag);
  watcher->left = true;
  watcher->cancel();
  note_end(presentity, *watcher);
  if (watcher->list) leave_members(*watcher, Why::has_ended);  // the caller holds records that it may end
  shard_.metrics().add(base::Metric::subscriptions, -1);
  if (watcher->end_reason.empty())
    by_id_.erase(id);
  else
    leaving_.emplace(id, std::move(watcher));
}

// Ends a subscription from our side (RFC 6665 §4.4.1). From now on it is neither refreshed nor told
// anything; without the database the row is removed when that is back.
void Agent::end(Watcher& watcher, std::string_view reason) {
  if (watcher.ending || watcher.left) return;
  watcher.ending = true;
  watcher.end_reason = reason;
  commit_end(watcher);
}

void Agent::commit_end(const Watcher& watcher) {
  const model::Subscription& subscription = watcher.subscription;
  model::Changes changes;
  if (watcher.end_reason.empty() || watcher.end_reason == "timeout") go_on_waiting(subscription, changes);
  changes.emplace_back(model::RemoveSubscription{subscription.presentity, subscription.id});
  shard_.keeper().commit(std::move(changes), [this, id = subscription.id](const base::Result<>& kept) {
    Watcher* watcher = find_watcher(id);
    if (kept || !watcher || watcher->left) return;
    shard_.wheel().set(*watcher, shard_.now() + database_retry);
  });
}

// Its end was asked for and could not be kept: it goes on.
void Agent::revive(std::uint64_t id) {
  Watcher* watcher = find_watcher(id);
  if (!watcher || watcher->left) return;
  watcher->ending = false;
  watcher->end_reason = {};
  set_timer(*watcher);
  if (watcher->asks_rules() && !watcher->judged) return judge_and_tell(*watcher);
  if (watcher->owed) notify(*watcher);
}

void Agent::on_watcher_timer(Watcher& watcher) {
  if (watcher.ending) return commit_end(watcher);
  if (watcher.subscription.expires <= shard_.now()) return expire(watcher);
  watcher.retry_at = base::Instant::max();
  set_timer(watcher);
  if (watcher.owed) notify(watcher);
}

// In the dialog's turn, as a refresh that came in time may still be on its way to the disk.
void Agent::expire(const Watcher& watcher) {
  const std::string key = dialog_key(watcher.subscription.dialog.local_tag);
  const std::uint64_t id = watcher.subscription.id;
  const bool entered = shard_.gate().enter(key, [this, key, id] {
    Watcher* watcher = find_watcher(id);
    if (watcher && watcher->subscription.expires <= shard_.now()) end(*watcher, "timeout");
    shard_.gate().leave(key);
  });
  if (Watcher* watcher = find_watcher(id); !entered && watcher)
    shard_.wheel().set(*watcher, shard_.now() + database_retry);
}

// The newest of what is due: the end, or a NOTIFY that has to be tried again.
void Agent::set_timer(Watcher& watcher) {
  shard_.wheel().set(watcher, std::min(watcher.subscription.expires, watcher.retry_at));
}

void Agent::try_at(Watcher& watcher, base::Instant time) {
  watcher.owed = true;
  watcher.retry_at = time;
  set_timer(watcher);
}

// Who is disabled or removed is watched no more, and watches nobody.
void Agent::on_user_event(const std::string& text) {
  tell_lists_of_user(text);
  if (directory_.find_enabled(text)) return;
  const auto aor = sip::Aor::parse(text);
  if (!aor) return;
  logger.info("user_gone", base::kv("aor", text));
  end_subscriptions_to(*aor);
  for (Agent* peer : peers_)
    shard_.run_on(peer->shard_.index(), [peer, aor = *aor] { peer->end_subscriptions_of(aor); });
  tidy(text);
}

void Agent::end_subscriptions_to(const sip::Aor& aor) {
  model::Changes changes;
  std::vector<std::uint64_t> theirs;
  if (Presentity* found = presentities_.find(aor.text())) {
    for (const auto& published : found->publications)
      changes.emplace_back(model::RemovePublication{aor, published->publication.id});
    for (const auto& watcher : found->watchers)
      theirs.push_back(watcher->subscription.id);
  }
  for (const auto& [id, watcher] : leaving_)
    if (watcher->subscription.presentity == aor) theirs.push_back(id);
  shard_.keeper().commit(std::move(changes), [](const base::Result<>&) {});
  for (const std::uint64_t id : theirs) {
    Watcher* watcher = find_watcher(id);
    if (!watcher) continue;
    if (watcher->left)
      notify(*watcher);
    else
      end(*watcher, "noresource");
  }
}

void Agent::end_subscriptions_of(const sip::Aor& aor) {
  std::vector<std::uint64_t> theirs;
  for (const Watcher* watcher : by_id_)
    if (watcher->subscription.watcher == aor) theirs.push_back(watcher->subscription.id);
  for (const std::uint64_t id : theirs)
    if (Watcher* watcher = find_watcher(id)) end(*watcher, "rejected");
  model::Changes changes;
  for (const auto& presentity : presentities_)
    if (presentity->more)
      for (const Waiting& waiting : presentity->more->waiting)
        if (waiting.watcher.watcher == aor)
          changes.emplace_back(model::RemoveWaiting{presentity->aor, aor, waiting.watcher.event});
  shard_.keeper().commit(std::move(changes), [](const base::Result<>&) {});
}

}  // namespace rollcall::presence
