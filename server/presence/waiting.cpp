// SPDX-License-Identifier: Apache-2.0
// Watchers who got no decision before their subscription ended (RFC 3857 §4.7.1, state waiting).
#include "agent_records.hpp"

#include <rollcall/base/ids.hpp>

namespace rollcall::presence {

using bodies::WatcherEvent;
using bodies::WatcherStatus;
using State = model::Subscription::State;

namespace {

/// A watcher that asks again and again for one NOTIFY is not written down each time.
constexpr base::Duration worth_writing = std::chrono::hours(24);

bool is_about(const model::WaitingWatcher& waiting, const sip::Aor& watcher) {
  return waiting.watcher == watcher;
}

}  // namespace

void Agent::apply(const model::SaveWaiting& change) {
  Presentity& watched = presentity(change.waiting.presentity);
  auto& waiting = watched.more_of(*this).waiting;
  const auto known = std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& one) {
    return is_about(one.watcher, change.waiting.watcher) && one.watcher.event == change.waiting.event;
  });
  if (known != waiting.end()) {
    known->watcher = change.waiting;
  } else {
    Waiting made{change.waiting, base::random_bits() >> 1};
    // It keeps the name under which the presentity was told of it.
    for (const auto& watcher : watched.watchers)
      if (watcher->ending && watcher->subscription.watcher == made.watcher.watcher &&
          watcher->subscription.state == State::pending && watcher->topic() == Topic::presence)
        made.id = watcher->subscription.id;
    waiting.push_back(std::move(made));
    note(watched, happening_of(waiting.back(), WatcherStatus::waiting, WatcherEvent::timeout));
  }
  set_timer(watched);
}

void Agent::apply(const model::RemoveWaiting& change) {
  Presentity* found = presentities_.find(change.presentity.text());
  if (!found || !found->more) return;
  auto& waiting = found->more->waiting;
  const auto place = std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& one) {
    return is_about(one.watcher, change.watcher) && one.watcher.event == change.event;
  });
  if (place == waiting.end()) return;
  note(*found, happening_of(*place, WatcherStatus::terminated, place->end));
  waiting.erase(place);
  set_timer(*found);
}

void Agent::on_waiting_event(const std::string& aor) {
  tell_audience(aor);
  tidy(aor);
}

bool Agent::has_another(const Presentity& presentity, const model::Subscription& than) const {
  return std::any_of(presentity.watchers.begin(), presentity.watchers.end(), [&](const auto& one) {
    return !one->ending && one->subscription.id != than.id && one->subscription.watcher == than.watcher &&
           one->topic() == Topic::presence;
  });
}

// A pending subscription that times out leaves its watcher waiting. Past the limit who has waited longest is
// given up.
void Agent::go_on_waiting(const model::Subscription& subscription, model::Changes& changes) const {
  const Package* package = find_package(subscription.event);
  if (subscription.state != State::pending || package->topic != Topic::presence) return;
  if (!directory_.find_enabled(subscription.presentity.text())) return;
  const base::Instant expires =
      shard_.now() + std::chrono::hours(24) * std::int64_t(shard_.limits().waiting_watcher_days);
  model::WaitingWatcher row{subscription.presentity, subscription.watcher, package->name,
                            subscription.created, expires};
  Presentity* found = presentities_.find(subscription.presentity.text());
  if (found && has_another(*found, subscription)) return;
  if (found && found->more) {
    const Waiting* oldest = nullptr;
    for (const Waiting& one : found->more->waiting) {
      if (is_about(one.watcher, row.watcher)) {
        if (expires - one.watcher.expires < worth_writing) return;
        row.since = one.watcher.since;
      }
      if (!oldest || one.watcher.since < oldest->watcher.since) oldest = &one;
    }
    const auto most = static_cast<std::size_t>(shard_.limits().waiting_watchers_per_user);
    if (found->more->waiting.size() >= most && row.since == subscription.created)
      changes.emplace_back(
          model::RemoveWaiting{row.presentity, oldest->watcher.watcher, oldest->watcher.event});
  }
  changes.emplace_back(model::SaveWaiting{std::move(row)});
}

// RFC 3857 §4.7.1: a new subscription of the same watcher makes the waiting redundant.
void Agent::wait_no_more(const model::Subscription& subscription, model::Changes& changes) const {
  Presentity* found = presentities_.find(subscription.presentity.text());
  const Package* package = find_package(subscription.event);
  if (!found || !found->more || package->topic != Topic::presence) return;
  for (const Waiting& one : found->more->waiting)
    if (is_about(one.watcher, subscription.watcher))
      changes.emplace_back(
          model::RemoveWaiting{subscription.presentity, one.watcher.watcher, one.watcher.event});
}

void Agent::forget_waiting(const sip::Aor& presentity, const sip::Aor& watcher, engine::Keeper::Done done) {
  model::Changes changes;
  if (Presentity* found = presentities_.find(presentity.text()); found && found->more)
    for (const Waiting& one : found->more->waiting)
      if (is_about(one.watcher, watcher))
        changes.emplace_back(model::RemoveWaiting{presentity, watcher, one.watcher.event});
  if (changes.empty()) return done(base::not_found(watcher.text() + " does not wait for a decision"));
  shard_.keeper().commit(std::move(changes), std::move(done));
}

}  // namespace rollcall::presence
