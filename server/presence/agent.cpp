// SPDX-License-Identifier: Apache-2.0
#include "agent_records.hpp"
#include "document.hpp"

#include <rollcall/presence/agent.hpp>

namespace rollcall::presence {

Agent::Agent(engine::Shard& shard, const accounts::Directory& directory,
             const registrar::Registrar& registrar, Policy policy)
    : shard_(shard),
      directory_(directory),
      registrar_(registrar),
      policy_(std::move(policy)),
      rulebook_(std::make_unique<Rulebook>()) {
  engine::Keeper& keeper = shard_.keeper();
  keeper.add_store(*this);
  keeper.listen(engine::Topic::publications,
                [this](const engine::Event& event) { on_publications_event(event.key); });
  keeper.listen(engine::Topic::bindings, [this](const engine::Event& event) {
    end_publications_of_gone_devices(event.key);
    on_bindings_event(event.key);
    tell_registrations(event.key);
  });
  keeper.listen(engine::Topic::messages,
                [this](const engine::Event& event) { tell_about(Topic::messages, event.key); });
  keeper.listen(engine::Topic::subscription,
                [this](const engine::Event& event) { on_subscription_event(event); });
  keeper.listen(engine::Topic::documents, [this](const engine::Event& event) {
    on_documents_event(event.key);
    on_document_of_lists(event.key);
    on_hard_state_event(event.key);
    tell_followers(event.key);
  });
  keeper.listen(engine::Topic::waiting, [this](const engine::Event& event) { on_waiting_event(event.key); });
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
                            [this](const model::RemoveBinding& c) { apply(c); },
                            [this](const model::SaveWaiting& c) { apply(c); },
                            [this](const model::RemoveWaiting& c) { apply(c); },
                            [this](const model::SaveDocument& c) {
                              keep_hard_state(c);
                              apply(c);
                            },
                            [this](const model::RemoveDocument& c) {
                              drop_hard_state(c.owner, c.path);
                              apply(c);
                            },
                            [this](const model::RemoveUser& c) {
                              hard_states_.erase(c.aor.text());
                              apply(c);
                            },
                            [](const auto&) {}},
             change);
}

Agent::Presentity& Agent::presentity(const sip::Aor& aor) {
  if (Presentity* known = presentities_.find(aor.text())) return *known;
  Presentity& made = presentities_.insert(std::make_unique<Presentity>(directory_.shared(aor)));
  made.registered = registrar_.is_registered(aor.text());
  return made;
}

// Nothing is kept of somebody whom nobody watches or wants to, and who has published nothing.
void Agent::tidy(const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  const bool is_empty = found && found->publications.empty() && found->watchers.empty() &&
                        found->interests.empty() && (!found->more || found->more->waiting.empty());
  if (is_empty) presentities_.erase(aor);
}

PresenceView Agent::view(const sip::Aor& aor) {
  PresenceView view;
  explain(view, known_of(aor), composition_.policy_of(aor.domain()), shard_.limits(), shard_.now());
  if (Presentity* found = presentities_.find(aor.text())) {
    for (const auto& published : found->publications)
      if (published->publication.expires > shard_.now()) view.publications.push_back(published->publication);
    for (const auto& watcher : found->watchers)
      if (watcher->topic() == Topic::presence) view.watchers.push_back(watcher->subscription);
  }
  return view;
}

}  // namespace rollcall::presence
