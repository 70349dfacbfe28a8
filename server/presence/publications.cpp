// SPDX-License-Identifier: Apache-2.0
// The agent's publications: requests, memory, expiry.
#include "administrator_status.hpp"
#include "agent_records.hpp"
#include "publish.hpp"

#include <rollcall/sip/headers/event.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::presence {

namespace {

// The device that a request came from: the binding that came on the same flow.
base::Text device_on(const registrar::Registrar& registrar, const sip::Aor& aor, const sip::Flow& flow) {
  for (const model::Binding* binding : registrar.bindings(aor.text()))
    if (binding->flow.transport == flow.transport && binding->flow.remote == flow.remote)
      return binding->device();
  return {};
}

}  // namespace

void Agent::on_publish(engine::Request request) {
  const sip::Aor aor = request.sender;
  shard_.take_turn(aor.text(), std::move(request), [this, aor](const engine::Request& request) {
    // The one before in this turn may have removed the user.
    if (!directory_.find_enabled(aor.text())) return engine::Outcome(sip::Reply(404));
    const auto event = sip::Event::parse(request.message->first(sip::Header::event).value_or(""));
    const std::string_view package = event ? event->package : "";
    CurrentPublications current;
    if (Presentity* found = presentities_.find(aor.text()))
      for (const auto& published : found->publications) {
        const model::Publication& one = published->publication;
        if (!is_of_administrator(one) && sip::equal_ignoring_case(one.event, package))
          (one.expires > shard_.now() ? current.live : current.lapsed).push_back(&one);
      }
    return decide_publish(request, aor, current, device_on(registrar_, aor, request.flow), shard_.limits(),
                          shard_.now());
  });
}

// A device that said goodbye to the registrar is gone, whether or not it took its publication back: some
// clients end before their last PUBLISH is answered. Only devices with an instance are known again. One whose
// registration ran out a moment ago may only be late.
void Agent::end_publications_of_gone_devices(const std::string& text) {
  Presentity* found = presentities_.find(text);
  if (!found) return;
  const auto bindings = registrar_.recent_bindings(text);
  model::Changes changes;
  for (const auto& published : found->publications) {
    const model::Publication& publication = published->publication;
    const bool here = std::any_of(bindings.begin(), bindings.end(), [&](const model::Binding* binding) {
      return binding->instance == publication.device;
    });
    if (publication.device.view().starts_with("urn:") && !here)
      changes.emplace_back(model::RemovePublication{publication.aor, publication.id});
  }
  shard_.keeper().commit(std::move(changes), [](const base::Result<>&) {});
}

Agent::Published* Agent::find_publication(const sip::Aor& aor, std::uint64_t id) {
  Presentity* found = presentities_.find(aor.text());
  if (!found) return nullptr;
  for (const auto& published : found->publications)
    if (published->publication.id == id) return published.get();
  return nullptr;
}

// An administrator's status is no device that might only be late.
base::Duration Agent::hysteresis_of(const model::Publication& publication) const {
  return is_of_administrator(publication) ? base::Duration::zero() : composition_.policy.hysteresis;
}

// In the user's turn, as a refresh that came in time may still be on its way to the disk.
void Agent::expire_publication(const sip::Aor& aor, std::uint64_t id) {
  const bool entered = shard_.gate().enter(aor.text(), [this, aor, id] {
    const Published* published = find_publication(aor, id);
    const bool is_over =
        published && published->publication.expires + hysteresis_of(published->publication) <= shard_.now();
    if (!is_over) return shard_.gate().leave(aor.text());
    shard_.keeper().commit({model::RemovePublication{aor, id}}, [this, aor, id](const base::Result<>& kept) {
      if (!kept) expire_publication_later(aor, id);
      shard_.gate().leave(aor.text());
    });
  });
  if (!entered) expire_publication_later(aor, id);
}

// Its watchers are told all the same: what is shown depends on the time, not on the row.
void Agent::expire_publication_later(const sip::Aor& aor, std::uint64_t id) {
  Published* published = find_publication(aor, id);
  if (!published) return;
  shard_.wheel().set(*published, shard_.now() + database_retry);
  presentity(aor).change();
  tell_watchers(aor.text());
}

void Agent::apply(const model::SavePublication& change) {
  const model::Publication& saved = change.publication;
  Presentity& owner = presentity(saved.aor);
  Published* known = find_publication(saved.aor, saved.id);
  if (!known || known->publication.published != saved.published || known->publication.body != saved.body)
    owner.change();
  if (!known) {
    known = owner.publications.emplace_back(std::make_unique<Published>(*this, saved)).get();
    shard_.metrics().add(base::Metric::publications);
  } else {
    known->publication = saved;
  }
  known->publication.aor = owner.aor;
  texts_.share(known->publication.event);
  texts_.share(known->publication.content_type);
  shard_.wheel().set(*known, saved.expires + hysteresis_of(saved));
}

// It moves the time and the entity-tag, which are not shown.
void Agent::apply(const model::RefreshPublication& change) {
  Published* known = find_publication(change.aor, change.id);
  if (!known) return;
  change.apply_to(known->publication);
  shard_.wheel().set(*known, change.expires + hysteresis_of(known->publication));
}

void Agent::apply(const model::RemovePublication& change) {
  Presentity* found = presentities_.find(change.aor.text());
  if (!found) return;
  const auto removed =
      std::erase_if(found->publications, [&](const auto& one) { return one->publication.id == change.id; });
  if (removed > 0) found->change();
  shard_.metrics().add(base::Metric::publications, -static_cast<std::int64_t>(removed));
}

}  // namespace rollcall::presence
