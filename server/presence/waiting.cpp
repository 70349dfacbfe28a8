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

// Somebody may wait for a decision about each package.
bool is_about(const model::WaitingWatcher& waiting, const sip::Aor& watcher, const Package& package) {
  return waiting.watcher == watcher && waiting.event == package.name;
}

}  // namespace

void Agent::apply(const model::SaveWaiting& change) {
  Presentity& watched = presentity(change.waiting.presentity);
  auto& waiting = watched.more_of(*this).waiting;
  const auto known = std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& one) {
    return one.watcher.watcher == change.waiting.watcher && one.watcher.event == change.waiting.event;
  });
  if (known != waiting.end()) {
    known->watcher = change.waiting;
  } else {
    Waiting made{change.waiting, base::random_bits() >> 1};
    // It keeps the name under which the presentity was told of it.
    for (const auto& watcher : watched.watchers)
      if (watcher->ending && watcher->asks_rules() && watcher->subscription.state == State::pending &&
          is_about(made.watcher, watcher->subscription.watcher, watcher->package()))
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
    return one.watcher.watcher == change.watcher && one.watcher.event == change.event;
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

// In another dialog, or by way of a list.
bool Agent::asks_otherwise(const Presentity& presentity, const Asking& asking) {
  const bool watches =
      std::any_of(presentity.watchers.begin(), presentity.watchers.end(), [&](const auto& one) {
        return !one->ending && one->asks_rules() && one->subscription.id != asking.id &&
               one->package().topic == asking.package.topic && one->subscription.watcher == asking.watcher;
      });
  return watches ||
         std::any_of(presentity.interests.begin(), presentity.interests.end(), [&](const Interest& one) {
           return one.list.id != asking.id && one.topic == asking.package.topic &&
                  one.watcher == asking.watcher;
         });
}

// A pending subscription that times out leaves its watcher waiting.
void Agent::go_on_waiting(const model::Subscription& subscription, model::Changes& changes) const {
  const Package* package = find_package(subscription.event);
  if (subscription.state != State::pending || package->for_oneself || !subscription.list.empty()) return;
  go_on_waiting(
      {subscription.id, subscription.presentity, subscription.watcher, *package, subscription.created},
      changes);
}

// Past the limit who has waited longest is given up.
void Agent::go_on_waiting(const Asking& asking, model::Changes& changes) const {
  if (!directory_.find_enabled(asking.presentity.text())) return;
  const base::Instant expires =
      shard_.now() + std::chrono::hours(24) * std::int64_t(shard_.limits().waiting_watcher_days);
  model::WaitingWatcher row{asking.presentity, asking.watcher, asking.package.name, asking.since, expires};
  Presentity* found = presentities_.find(asking.presentity.text());
  if (found && asks_otherwise(*found, asking)) return;
  if (found && found->more) {
    const Waiting* oldest = nullptr;
    for (const Waiting& one : found->more->waiting) {
      if (is_about(one.watcher, asking.watcher, asking.package)) {
        if (expires - one.watcher.expires < worth_writing) return;
        row.since = one.watcher.since;
      }
      if (!oldest || one.watcher.since < oldest->watcher.since) oldest = &one;
    }
    const auto most = static_cast<std::size_t>(shard_.limits().waiting_watchers_per_user);
    if (found->more->waiting.size() >= most && row.since == asking.since)
      changes.emplace_back(
          model::RemoveWaiting{row.presentity, oldest->watcher.watcher, oldest->watcher.event});
  }
  changes.emplace_back(model::SaveWaiting{std::move(row)});
}

// RFC 3857 §4.7.1: a new subscription of the same watcher makes the waiting redundant.
void Agent::wait_no_more(const Asking& asking, model::Changes& changes) const {
  Presentity* found = presentities_.find(asking.presentity.text());
  if (!found || !found->more) return;
  for (const Waiting& one : found->more->waiting)
    if (is_about(one.watcher, asking.watcher, asking.package))
      changes.emplace_back(model::RemoveWaiting{asking.presentity, one.watcher.watcher, one.watcher.event});
}

void Agent::forget_waiting(const sip::Aor& presentity, const sip::Aor& watcher, engine::Keeper::Done done) {
  model::Changes changes;
  if (Presentity* found = presentities_.find(presentity.text()); found && found->more)
    for (const Waiting& one : found->more->waiting)
      if (one.watcher.watcher == watcher)
        changes.emplace_back(model::RemoveWaiting{presentity, watcher, one.watcher.event});
  if (changes.empty()) return done(base::not_found(watcher.text() + " does not wait for a decision"));
  shard_.keeper().commit(std::move(changes), std::move(done));
}

}  // namespace rollcall::presence
