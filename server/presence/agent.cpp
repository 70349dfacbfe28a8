// SPDX-License-Identifier: Apache-2.0
#include "agent_records.hpp"
#include "document.hpp"

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/presence/agent.hpp>

namespace rollcall::presence {

Agent::Agent(engine::Shard& shard, const accounts::Directory& directory,
             const registrar::Registrar& registrar, DefaultPolicy policy)
    : shard_(shard), directory_(directory), registrar_(registrar), policy_(policy) {
  engine::Keeper& keeper = shard_.keeper();
  keeper.add_store(*this);
  keeper.listen(engine::Topic::publications,
                [this](const engine::Event& event) { on_publications_event(event.key); });
  keeper.listen(engine::Topic::bindings, [this](const engine::Event& event) {
    end_publications_of_gone_devices(event.key);
    on_bindings_event(event.key);
  });
  keeper.listen(engine::Topic::messages,
                [this](const engine::Event& event) { tell_about(Topic::messages, event.key); });
  keeper.listen(engine::Topic::subscription,
                [this](const engine::Event& event) { on_subscription_event(event); });
  keeper.listen(engine::Topic::user, [this](const engine::Event& event) { on_user_event(event.key); });
}

Agent::~Agent() = default;

void Agent::apply(const model::Change& change) {
  std::visit(model::Visitor{[this](const model::SavePublication& c) { apply(c); },
                            [this](const model::RefreshPublication& c) { apply(c); },
                            [this](const model::RemovePublication& c) { apply(c); },
                            [this](const model::SaveSubscription& c) { apply(c); },
                            [this](const model::RefreshSubscription& c) { apply(c); },
                            [this](const model::RemoveSubscription& c) { apply(c); },
                            [this](const model::RemoveUser& c) { apply(c); }, [](const auto&) {}},
             change);
}

Agent::Presentity& Agent::presentity(const sip::Aor& aor) {
  if (Presentity* known = presentities_.find(aor.text())) return *known;
  return presentities_.insert(std::make_unique<Presentity>(directory_.shared(aor)));
}

// Nothing is kept of somebody whom nobody watches and who has published nothing.
void Agent::tidy(const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  if (found && found->publications.empty() && found->watchers.empty()) presentities_.erase(aor);
}

engine::SharedBody Agent::body_for(const Watcher& watcher) {
  const sip::Aor& aor = watcher.subscription.presentity;
  switch (watcher.package().topic) {
    case Topic::presence:
      break;
    case Topic::watchers:
      // A NOTIFY has a higher CSeq than the one before, and so has its document a higher version, over
      // restarts too; the first has version 0 (RFC 3858 §4.1).
      return std::make_shared<const std::string>(watchers_text(aor, watcher.cseq));
    case Topic::messages:
      return std::make_shared<const std::string>(messages_text(aor));
  }
  return body_of(aor);
}

// Composed once for each change, however many watchers are told. A watcher may ask for the newest before the
// change is announced: a binding that has just run out counts no more, and is not off the disk yet. Then the
// others have still to be told.
engine::SharedBody Agent::body_of(const sip::Aor& aor) {
  Presentity* found = presentities_.find(aor.text());
  if (!found) return std::make_shared<const std::string>(compose_text(aor));
  Presentity& presentity = *found;
  const bool registered = registrar_.is_registered(aor.text());
  engine::SharedBody body = presentity.body.lock();
  if (!body || presentity.changed || presentity.registered != registered) {
    body = std::make_shared<const std::string>(compose_text(aor));
    const std::uint64_t shown = base::keyed_hash(*body) | 1;
    presentity.untold |= presentity.shown != 0 && presentity.shown != shown;
    presentity.body = body;
    presentity.shown = shown;
    presentity.changed = false;
    presentity.registered = registered;
  }
  return body;
}

std::string Agent::compose_text(const sip::Aor& aor) const {
  std::vector<const model::Publication*> publications;
  if (Presentity* found = presentities_.find(aor.text()))
    for (const auto& published : found->publications)
      publications.push_back(&published->publication);
  return document_of(aor, publications, registrar_.bindings(aor.text()), shard_.limits(), shard_.now());
}

PresenceView Agent::view(const sip::Aor& aor) {
  PresenceView view;
  view.document = compose_text(aor);
  view.open = view.document.find("<basic>open</basic>") != std::string::npos;
  if (Presentity* found = presentities_.find(aor.text())) {
    for (const auto& published : found->publications)
      if (published->publication.expires > shard_.now()) view.publications.push_back(published->publication);
    for (const auto& watcher : found->watchers)
      if (watcher->package().topic == Topic::presence) view.watchers.push_back(watcher->subscription);
  }
  return view;
}

base::Result<PresenceView> Service::view(const sip::Aor& aor) {
  constexpr base::Duration patience = std::chrono::seconds(5);
  Part& part = parts_[parts_.front().shard->owner_of(aor)];
  auto answer = engine::ask<base::Result<PresenceView>>(
      *part.shard, patience,
      [agent = part.agent, aor](base::MoveFunction<void(base::Result<PresenceView>)> reply) {
        if (!agent->knows(aor)) return reply(base::not_found("the user " + aor.text() + " does not exist"));
        reply(agent->view(aor));
      });
  if (!answer) return base::unavailable("the server did not answer in time");
  return std::move(*answer);
}

}  // namespace rollcall::presence
