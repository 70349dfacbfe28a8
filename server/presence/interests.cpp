// SPDX-License-Identifier: Apache-2.0
// Lists: the side of the members (RFC 4662 §4.6). The rules of a presentity are asked about whoever watches
// it by way of a list as about any watcher.
#include "agent_records.hpp"

#include <algorithm>
#include <utility>

namespace rollcall::presence {

using bodies::InstanceState;
using bodies::WatcherEvent;
using bodies::WatcherStatus;
using rules::Handling;

namespace {

bool shows(Handling handling) {
  return handling == Handling::allow || handling == Handling::polite_block;
}

WatcherStatus status_for(Handling handling) {
  if (handling == Handling::block) return WatcherStatus::terminated;
  return handling == Handling::confirm ? WatcherStatus::pending : WatcherStatus::active;
}

WatcherEvent event_for(Handling handling) {
  if (handling == Handling::block) return WatcherEvent::rejected;
  return handling == Handling::confirm ? WatcherEvent::subscribe : WatcherEvent::approved;
}

template <class Interests>
auto of_list(Interests& interests, const ListKey& list) {
  return std::find_if(interests.begin(), interests.end(),
                      [&](const auto& one) { return one.list.id == list.id && one.list.home == list.home; });
}

}  // namespace

// Answers a list. Who is asked once more is asked by a list that is told everything.
void Agent::watch_members(const MemberWatcher& watcher, const std::vector<MemberQuestion>& questions) {
  std::vector<MemberState> states;
  states.reserve(questions.size());
  std::vector<sip::Aor> unknown;
  for (const MemberQuestion& question : questions) {
    if (watcher.once) {
      states.push_back(glance_at(watcher, question));
      continue;
    }
    states.push_back(watch_member(watcher, question));
    const Rulebook::Book* book = rulebook_->find(question.presentity.text());
    if (book && !book->can_be_asked()) unknown.push_back(question.presentity);
    tell_audience(question.presentity.text());
  }
  tell_list(watcher.list, std::move(states), true);
  for (const sip::Aor& presentity : unknown)
    judge_when_known(presentity);
}

MemberState Agent::glance_at(const MemberWatcher& watcher, const MemberQuestion& question) {
  MemberState state{question.place, InstanceState::terminated, "noresource", nullptr};
  if (!directory_.find_enabled(question.presentity.text())) return state;
  Sight sight = look(question.presentity, watcher.aor, watcher.topic);
  if (sight.handling == Handling::block) state.reason = "rejected";
  if (sight.handling == Handling::confirm) state = {question.place, InstanceState::pending, {}, nullptr};
  if (shows(sight.handling)) state = {question.place, InstanceState::active, {}, std::move(sight.body)};
  return state;
}

MemberState Agent::watch_member(const MemberWatcher& watcher, const MemberQuestion& question) {
  Presentity& member = presentity(question.presentity);
  auto& interests = member.interests;
  auto place = of_list(interests, watcher.list);
  if (place == interests.end()) {
    if (interests.size() >= static_cast<std::size_t>(shard_.limits().watchers_per_user))
      return {question.place, InstanceState::terminated, "giveup", nullptr};
    place = interests.insert(interests.end(), Interest{});
    place->watcher = directory_.shared(watcher.aor);
    place->topic = watcher.topic;
    place->since = shard_.now();
    model::Changes changes;
    wait_no_more({watcher.list.id, member.aor, watcher.aor, package_of(watcher.topic)}, changes);
    shard_.keeper().commit(std::move(changes), [](const base::Result<>&) {});
  }
  Interest& interest = *place;
  interest.version = std::max(interest.version, watcher.version);
  interest.list = watcher.list;
  interest.place = question.place;
  interest.expires = watcher.expires;
  const Rulebook::Book* book = rulebook_->find(member.aor.text());
  if (!interest.judged && (!book || book->can_be_asked())) {
    judge(member, interest, circumstances_of(member.aor));
    set_timer(member);
  }
  Composed composed;
  return state_of(member, interest, composed);
}

void Agent::judge(Presentity& presentity, Interest& interest, const Circumstances& circumstances) {
  const rules::Verdict verdict = ask_rules(circumstances, interest.watcher);
  judge_again_at(presentity, verdict.changes);
  const bool is_new = !std::exchange(interest.judged, true) || interest.handling != verdict.handling;
  interest.handling = verdict.handling;
  interest.view = view_for(presentity, verdict);
  if (is_new)
    note(presentity, happening_of(interest, status_for(interest.handling), event_for(interest.handling)));
}

// What the list is to be told now; it counts as told.
MemberState Agent::state_of(Presentity& presentity, Interest& interest, Composed& composed) {
  MemberState state{interest.place, InstanceState::pending, {}, nullptr};
  interest.gone = !directory_.find_enabled(presentity.aor.text());
  interest.told = 0;
  if (interest.gone || (interest.judged && interest.handling == Handling::block)) {
    state.state = InstanceState::terminated;
    state.reason = interest.gone ? "noresource" : "rejected";
  } else if (interest.judged && shows(interest.handling)) {
    state.state = InstanceState::active;
    interest.told = hash_of_shown(presentity, interest.topic, interest.view, composed);
    state.body = body_for(presentity, interest, composed);
  }
  interest.state = state.state;
  return state;
}

engine::SharedBody Agent::body_for(Presentity& presentity, Interest& interest, Composed& composed) {
  if (interest.topic == Topic::presence) return body_in(presentity, interest.view, composed);
  bodies::DialogInfo info = dialogs_in(presentity, interest.view, composed).info;
  info.version = interest.version++;
  return std::make_shared<const std::string>(bodies::write(info));
}

// Tells the lists to which the presentity looks different now. One body serves all who see the same.
void Agent::tell_lists(Presentity& presentity) {
  Composed composed;
  std::vector<ListNews> news;
  for (Interest& interest : presentity.interests) {
    if (interest.state != InstanceState::active) continue;
    if (interest.told == hash_of_shown(presentity, interest.topic, interest.view, composed)) continue;
    news.push_back({interest.list, state_of(presentity, interest, composed)});
  }
  tell_news(std::move(news));
}

// After the rules have changed, or whether there is such a user.
std::vector<ListNews> Agent::judge_interests(Presentity& presentity, const Circumstances& circumstances) {
  Composed composed;
  std::vector<ListNews> news;
  for (Interest& interest : presentity.interests) {
    judge(presentity, interest, circumstances);
    const bool was_gone = interest.gone;
    const InstanceState before = interest.state;
    const std::uint64_t told = interest.told;
    MemberState state = state_of(presentity, interest, composed);
    if (before != interest.state || was_gone != interest.gone || told != interest.told)
      news.push_back({interest.list, std::move(state)});
  }
  return news;
}

// There is such a user now, or none any more.
void Agent::tell_lists_of_user(const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  if (found && !found->interests.empty()) tell_news(judge_interests(*found, circumstances_of(found->aor)));
}

void Agent::tell_news(std::vector<ListNews> news) {
  for (ListNews& one : news) {
    std::vector<MemberState> states;
    states.push_back(std::move(one.state));
    tell_list(one.list, std::move(states), false);
  }
}

void Agent::tell_list(const ListKey& key, std::vector<MemberState> states, bool is_answer) {
  shard_.run_on(key.home, [home = peer_at(key.home), key, states = std::move(states), is_answer]() mutable {
    home->on_member_states(key, std::move(states), is_answer);
  });
}

// Who was never decided about goes on waiting, as after any other subscription (RFC 3857 §4.7.1).
void Agent::leave_members(const ListKey& key, const std::vector<sip::Aor>& presentities, Why why) {
  model::Changes changes;
  for (const sip::Aor& aor : presentities) {
    Presentity* found = presentities_.find(aor.text());
    if (!found) continue;
    const auto place = of_list(found->interests, key);
    if (place == found->interests.end()) continue;
    note(*found, happening_of(*place, WatcherStatus::terminated, WatcherEvent::timeout));
    if (why == Why::has_ended && place->judged && place->handling == Handling::confirm)
      go_on_waiting({key.id, found->aor, place->watcher, package_of(place->topic), place->since}, changes);
    found->interests.erase(place);
    if (found->interests.empty()) found->interests.shrink_to_fit();
    tell_audience(aor.text());
    tidy(aor.text());
  }
  shard_.keeper().commit(std::move(changes), [](const base::Result<>&) {});
}

Agent::Happening Agent::happening_of(const Interest& interest, WatcherStatus status, WatcherEvent event) {
  return {interest.topic, interest.list.id, interest.watcher, status,
          event,          interest.since,   interest.expires};
}

Agent::Happening Agent::happening_of(const Interest& interest) {
  return happening_of(interest, interest.judged ? status_for(interest.handling) : WatcherStatus::pending,
                      interest.judged ? event_for(interest.handling) : WatcherEvent::subscribe);
}

}  // namespace rollcall::presence
