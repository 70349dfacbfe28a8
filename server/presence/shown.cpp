// SPDX-License-Identifier: Apache-2.0
// What watchers are shown: each document made once, however many are told.
#include "agent_records.hpp"
#include "document.hpp"

#include <utility>

#include <rollcall/base/keyed_hash.hpp>

namespace rollcall::presence {

engine::SharedBody Agent::body_for(Watcher& watcher) {
  const sip::Aor& aor = watcher.subscription.presentity;
  switch (watcher.topic()) {
    case Topic::presence:
      break;
    case Topic::dialogs:
      return std::make_shared<const std::string>(dialogs_text(watcher));
    case Topic::watchers:
      return std::make_shared<const std::string>(watchers_text(watcher));
    case Topic::messages:
      return std::make_shared<const std::string>(messages_text(aor));
    case Topic::list:
      return watcher.list->bodies.empty() ? nullptr : watcher.list->bodies.front().body;
    case Topic::registrations:
      return std::make_shared<const std::string>(registrations_text(watcher));
    case Topic::documents:
      return std::exchange(watcher.remembered().following.body, nullptr);
  }
  Presentity* found = presentities_.find(aor.text());
  // The view of one that has left is not kept right.
  if (!found || watcher.left || !watcher.judged) return look(aor, watcher.subscription.watcher).body;
  Composed composed;
  engine::SharedBody body = body_in(*found, watcher.view, composed);
  watcher.told = showing_in(*found, watcher.view).hash;
  return body;
}

engine::SharedBody Agent::body_in(Presentity& presentity, std::uint32_t view, Composed& composed) {
  look_at_registration(presentity);
  Showing& showing = showing_in(presentity, view);
  if (auto body = showing.body.lock()) return body;
  const View* const one = view == 0 ? nullptr : &presentity.more->views[view - 1];
  const bool hides_all = one && !one->grant;
  if (!hides_all && !composed.presence) composed.presence = compose_now(presentity.aor);
  std::string text;
  if (hides_all)
    text = xml::write(rules::unavailable_document(presentity.aor));
  else
    text =
        xml::write(one ? rules::transform(*composed.presence, one->grant->permissions) : *composed.presence);
  auto body = std::make_shared<const std::string>(std::move(text));
  showing.body = body;
  showing.hash = base::keyed_hash(*body) | 1;
  return body;
}

// What a watcher was told is compared with this. The body is held until everybody was told.
std::uint64_t Agent::hash_of_shown(Presentity& presentity, Topic topic, std::uint32_t view,
                                   Composed& composed) {
  if (topic == Topic::dialogs) return dialogs_in(presentity, view, composed).hash;
  engine::SharedBody& body = composed.held[view];
  if (!body) body = body_in(presentity, view, composed);
  return showing_in(presentity, view).hash;
}

Agent::Showing& Agent::showing_in(Presentity& presentity, std::uint32_t view) {
  return view == 0 ? presentity.whole : presentity.more->views[view - 1].showing;
}

// A watcher may ask for the newest before a change is announced: a binding that has just run out counts no
// more, and is not off the disk yet. Then the others have still to be told.
void Agent::look_at_registration(Presentity& presentity) {
  const bool registered = registrar_.is_registered_lately(presentity.aor.text());
  if (presentity.registered == registered) return;
  presentity.registered = registered;
  presentity.change();
}

xml::PidfDocument Agent::compose_now(const sip::Aor& aor) const {
  return document_of(known_of(aor), composition_.policy_of(aor.domain()), shard_.limits(), shard_.now());
}

}  // namespace rollcall::presence
