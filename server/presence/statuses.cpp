// SPDX-License-Identifier: Apache-2.0
// The agent's statuses that no device publishes: an administrator's, and hard state (RFC 4827).
#include "administrator_status.hpp"
#include "agent_records.hpp"
#include "document.hpp"

#include <rollcall/base/log.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::presence {

namespace {
constexpr base::Log logger{"presence"};
constexpr std::string_view hard_state_path = "pidf-manipulation/index";  // RFC 4827 §9
}  // namespace

Known Agent::known_of(const sip::Aor& aor) const {
  Known known{&aor, {}, registrar_.recent_bindings(aor.text())};
  if (const Presentity* found = presentities_.find(aor.text()))
    for (const auto& published : found->publications)
      if (sip::equal_ignoring_case(published->publication.event, "presence"))
        known.publications.push_back(&published->publication);
  known.calls = calls_input_of(aor);
  const auto kept = hard_states_.find(aor.text());
  if (kept != hard_states_.end()) known.hard_state = kept->second.get();
  return known;
}

void Agent::keep_hard_state(const model::SaveDocument& change) {
  const model::Document& document = change.document;
  if (document.path != hard_state_path) return;
  if (xml::PidfDocument::parse(document.body, shard_.limits())) {
    hard_states_[document.owner.text()] =
        std::make_unique<HardState>(HardState{document.body, document.updated});
  } else {
    logger.warning("unreadable_hard_state", base::kv("aor", document.owner.text()));
    hard_states_.erase(document.owner.text());
  }
  if (Presentity* found = presentities_.find(document.owner.text())) found->change();
}

void Agent::drop_hard_state(const sip::Aor& owner, std::string_view path) {
  if (path != hard_state_path || hard_states_.erase(owner.text()) == 0) return;
  if (Presentity* found = presentities_.find(owner.text())) found->change();
}

void Agent::on_hard_state_event(const std::string& owner) {
  const Presentity* found = presentities_.find(owner);
  if (found && found->changed) tell_watchers(owner);
}

const Agent::Published* Agent::administrator_status(const sip::Aor& aor) const {
  const Presentity* found = presentities_.find(aor.text());
  if (!found) return nullptr;
  for (const auto& published : found->publications)
    if (is_of_administrator(published->publication)) return published.get();
  return nullptr;
}

void Agent::set_status(const sip::Aor& aor, WantedStatus wanted, engine::Keeper::Done done) {
  const auto decide = [this, aor, wanted = std::move(wanted)]() -> base::Result<model::Change> {
    const Published* existing = administrator_status(aor);
    return model::Change(model::SavePublication{
        make_administrator_status(aor, wanted, existing ? &existing->publication : nullptr, shard_.now())});
  };
  change_status(aor, decide, std::move(done));
}

void Agent::clear_status(const sip::Aor& aor, engine::Keeper::Done done) {
  const auto decide = [this, aor]() -> base::Result<model::Change> {
    const Published* existing = administrator_status(aor);
    if (!existing) return base::not_found("no status is set");
    return model::Change(model::RemovePublication{aor, existing->publication.id});
  };
  change_status(aor, decide, std::move(done));
}

// In the user's turn. The one before may have removed the user.
void Agent::change_status(const sip::Aor& aor, base::MoveFunction<base::Result<model::Change>()> decide,
                          engine::Keeper::Done done) {
  const std::string key = aor.text();
  if (shard_.gate().is_full(key))
    return done(base::Error{base::ErrorCode::overloaded, "too much else changes of this user"});
  shard_.gate().enter(key, [this, key, decide = std::move(decide), done = std::move(done)]() mutable {
    auto change = directory_.find(key) ? decide() : base::not_found("the user " + key + " does not exist");
    if (!change) {
      shard_.gate().leave(key);
      return done(change.error());
    }
    model::Changes changes;
    changes.push_back(std::move(*change));
    shard_.keeper().commit(std::move(changes),
                           [this, key, done = std::move(done)](const base::Result<>& kept) mutable {
                             done(kept);
                             shard_.gate().leave(key);
                           });
  });
}

}  // namespace rollcall::presence
