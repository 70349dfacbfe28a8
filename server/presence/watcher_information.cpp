// SPDX-License-Identifier: Apache-2.0
// Who watches somebody, as that somebody is told (RFC 3857, RFC 3858).
#include "agent_records.hpp"

#include <fmt/format.h>

namespace rollcall::presence {

using bodies::WatcherEvent;
using bodies::WatcherStatus;

namespace {

std::uint64_t seconds(base::Duration duration) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(duration).count()));
}

// What those watch who are told of.
Topic topic_of_watchers(const Package& package) {
  return find_package(package.of)->topic;
}

}  // namespace

Agent::Happening Agent::happening_of(const Watcher& watcher, WatcherStatus status, WatcherEvent event) {
  const model::Subscription& subscription = watcher.subscription;
  return {watcher.package().topic, subscription.id,     subscription.watcher, status, event,
          subscription.created,    subscription.expires};
}

Agent::Happening Agent::happening_of(const Waiting& waiting, WatcherStatus status, WatcherEvent event) {
  const model::WaitingWatcher& row = waiting.watcher;
  const Package* package = find_package(row.event);
  return {package ? package->topic : Topic::presence,
          waiting.id,
          row.watcher,
          status,
          event,
          row.since,
          row.expires};
}

// Nothing is kept for presentities that do not ask. What was told in full before counts as told.
void Agent::note(Presentity& presentity, Happening happening) {
  if (!presentity.more || presentity.more->listeners.empty()) return;
  More& more = *presentity.more;
  more.untold = true;
  more.happened.push_back(std::move(happening));
  if (more.happened.size() <= More::most_happenings) return;
  more.happened.pop_front();
  ++more.happened_before;
}

void Agent::note_begin(Presentity& presentity, const Watcher& watcher) {
  if (!watcher.asks_rules()) return;
  const bool active = watcher.subscription.state == model::Subscription::State::active;
  note(presentity, happening_of(watcher, active ? WatcherStatus::active : WatcherStatus::pending,
                                WatcherEvent::subscribe));
}

// What became of it by RFC 3857 Figure 1. One that goes on as a waiting one is told of as that.
void Agent::note_end(Presentity& presentity, const Watcher& watcher) {
  const std::uint64_t id = watcher.subscription.id;
  if (watcher.topic() == Topic::watchers && presentity.more) {
    std::erase_if(presentity.more->listeners, [&](const More::Listener& one) { return one.id == id; });
    presentity.more->forget_what_all_have_seen();
  }
  if (!watcher.asks_rules()) return;
  if (presentity.more)
    for (const Waiting& waiting : presentity.more->waiting)
      if (waiting.id == id) return;
  const bool active = watcher.subscription.state == model::Subscription::State::active;
  WatcherEvent event = active ? WatcherEvent::timeout : WatcherEvent::giveup;
  if (watcher.end_reason == "rejected") event = WatcherEvent::rejected;
  if (watcher.end_reason == "noresource") event = WatcherEvent::noresource;
  if (watcher.end_reason.starts_with("giveup") && active) event = WatcherEvent::deactivated;
  note(presentity, happening_of(watcher, WatcherStatus::terminated, event));
}

bodies::Watcher Agent::entry_of(const Happening& happening) const {
  bodies::Watcher entry;
  entry.id = fmt::format("w{:x}", happening.id);
  entry.uri = happening.watcher.uri();
  entry.status = happening.status;
  entry.event = happening.event;
  // What is known of users that another shard owns is not asked for.
  if (const model::User* user = directory_.find(happening.watcher.text()))
    entry.display_name = user->display_name;
  if (happening.status != WatcherStatus::terminated)
    entry.expiration = seconds(happening.expires - shard_.now());
  entry.duration_subscribed = seconds(shard_.now() - happening.since);
  return entry;
}

std::vector<Agent::Happening> Agent::all_watchers(const sip::Aor& aor, Topic topic) const {
  std::vector<Happening> all;
  Presentity* found = presentities_.find(aor.text());
  if (!found) return all;
  for (const auto& watcher : found->watchers) {
    if (watcher->topic() != topic) continue;
    const bool active = watcher->subscription.state == model::Subscription::State::active;
    all.push_back(
        happening_of(*watcher, active ? WatcherStatus::active : WatcherStatus::pending, watcher->event));
  }
  for (const Interest& interest : found->interests)
    if (interest.topic == topic && interest.state != bodies::InstanceState::terminated)
      all.push_back(happening_of(interest));
  if (found->more)
    for (const Waiting& waiting : found->more->waiting) {
      Happening happening = happening_of(waiting, WatcherStatus::waiting, WatcherEvent::timeout);
      if (happening.topic == topic) all.push_back(std::move(happening));
    }
  return all;
}

// Of each watcher the newest counts.
void Agent::More::catch_up(Listener& listener) const {
  std::unordered_map<std::uint64_t, std::size_t> places;
  for (std::size_t i = 0; i < listener.rest.size(); ++i)
    places[listener.rest[i].id] = i;
  for (auto i = static_cast<std::size_t>(listener.seen - happened_before); i < happened.size(); ++i) {
    if (happened[i].topic != listener.of) continue;
    const auto [place, is_new] = places.try_emplace(happened[i].id, listener.rest.size());
    if (is_new)
      listener.rest.push_back(happened[i]);
    else
      listener.rest[place->second] = happened[i];
  }
  listener.seen = happened_before + happened.size();
}

bool Agent::More::has_news_for(const Listener& listener) const {
  if (listener.all || listener.seen < happened_before) return true;
  const auto unseen = happened.begin() + static_cast<std::ptrdiff_t>(listener.seen - happened_before);
  return std::any_of(unseen, happened.end(), [&](const Happening& one) { return one.topic == listener.of; });
}

// The full state first, after a refresh, and when a document may have been lost; else what happened since the
// one before (RFC 3857 §4.7.2). What is too much for one document goes into partial ones behind it.
bodies::Coverage Agent::gather(Presentity& presentity, Watcher& watcher, std::vector<Happening>& told) {
  More& more = presentity.more_of(*this);
  More::Listener& listener = more.listener(watcher.subscription.id, topic_of_watchers(watcher.package()));
  bool all = listener.all || listener.seen < more.happened_before;
  if (!all) more.catch_up(listener);
  all = all || listener.rest.empty();
  if (all) {
    listener.rest = all_watchers(presentity.aor, listener.of);
    listener.seen = more.happened_before + more.happened.size();
    listener.all = false;
  }
  const auto end = listener.rest.begin() +
                   static_cast<std::ptrdiff_t>(std::min(listener.rest.size(), More::most_in_document));
  told.assign(listener.rest.begin(), end);
  listener.rest.erase(listener.rest.begin(), end);
  if (!listener.rest.empty()) watcher.owed = true;
  more.forget_what_all_have_seen();
  return all ? bodies::Coverage::full : bodies::Coverage::partial;
}

// A NOTIFY has a CSeq higher by one than that before, and so its document has a version higher by one; over a
// restart both leave room (RFC 3858 §4). The last document of a subscription is whole: none follows.
std::string Agent::watchers_text(Watcher& watcher) {
  const sip::Aor& aor = watcher.subscription.presentity;
  bodies::WatcherList list{aor.uri(), std::string(watcher.package().of), {}};
  std::vector<Happening> told;
  auto coverage = bodies::Coverage::full;
  Presentity* found = presentities_.find(aor.text());
  if (found && !watcher.left)
    coverage = gather(*found, watcher, told);
  else
    told = all_watchers(aor, topic_of_watchers(watcher.package()));
  for (const Happening& happening : told)
    list.watchers.push_back(entry_of(happening));
  return bodies::write_watcherinfo(watcher.cseq, coverage, {&list, 1});
}

void Agent::tell_all_next_time(const Watcher& watcher) {
  if (watcher.memory && !watcher.left) watcher.memory->tell_all();
  if (watcher.left || watcher.topic() != Topic::watchers) return;
  Presentity* found = presentities_.find(watcher.subscription.presentity.text());
  if (found && found->more)
    found->more->listener(watcher.subscription.id, topic_of_watchers(watcher.package())).all = true;
}

void Agent::tell_audience(const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  if (!found || !found->more || !std::exchange(found->more->untold, false)) return;
  std::vector<std::uint64_t> ids;
  for (const More::Listener& listener : found->more->listeners)
    if (found->more->has_news_for(listener)) ids.push_back(listener.id);
  for (const std::uint64_t id : ids)
    if (Watcher* watcher = find_watcher(id)) notify(*watcher);
}

std::vector<WatcherView> Agent::watchers(const sip::Aor& presentity) {
  std::vector<WatcherView> views;
  Presentity* found = presentities_.find(presentity.text());
  if (!found) return views;
  const Circumstances circumstances = circumstances_of(presentity);
  const auto add = [&](const Happening& happening, std::string user_agent) {
    const rules::Handling handling = ask_rules(circumstances, happening.watcher).handling;
    views.push_back({happening.watcher, happening.status, happening.event, handling, std::move(user_agent),
                     happening.since, happening.expires});
  };
  for (const auto& watcher : found->watchers) {
    if (watcher->topic() != Topic::presence || watcher->ending) continue;
    const bool active = watcher->subscription.state == model::Subscription::State::active;
    add(happening_of(*watcher, active ? WatcherStatus::active : WatcherStatus::pending, watcher->event),
        watcher->subscription.user_agent.str());
  }
  for (const Interest& interest : found->interests)
    if (interest.topic == Topic::presence && interest.state != bodies::InstanceState::terminated)
      add(happening_of(interest), "");
  if (found->more)
    for (const Waiting& waiting : found->more->waiting) {
      const Happening happening = happening_of(waiting, WatcherStatus::waiting, WatcherEvent::timeout);
      if (happening.topic == Topic::presence) add(happening, "");
    }
  return views;
}

}  // namespace rollcall::presence
