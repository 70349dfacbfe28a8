// SPDX-License-Identifier: Apache-2.0
// The agent's publications: requests, memory, expiry.
#include "agent_records.hpp"
#include "publish.hpp"

namespace rollcall::presence {

namespace {



// The device that a request came from: the binding that came on the same flow.
std::string device_on(const registrar::Registrar& registrar, const sip::Aor& aor, const sip::Flow& flow) {
  for (const model::Binding* binding : registrar.bindings(aor.text()))
    if (binding->flow.transport == flow.transport && binding->flow.remote == flow.remote) return binding->device();
  return "";
}

}  // namespace

void Agent::on_publish(engine::Request request) {
  const sip::Aor aor = request.sender;
  shard_.take_turn(aor.text(), std::move(request), [this, aor](const engine::Request& request) {
    std::vector<const model::Publication*> current;
    if (const auto found = presentities_.find(aor.text()); found != presentities_.end())
      for (const auto& published : found->second->publications)
        if (published->publication.expires > shard_.now()) current.push_back(&published->publication);
    return decide_publish(request, aor, current, device_on(registrar_, aor, request.flow), shard_.limits(),
                          shard_.now());
  });
}

void Agent::expire_publication(const sip::Aor& aor, std::uint64_t id) {
  shard_.keeper().commit({model::RemovePublication{aor, id}}, [this, aor, id](const base::Result<>& kept) {
    const auto found = presentities_.find(aor.text());
    if (kept || found == presentities_.end()) return;
    for (const auto& published : found->second->publications)
      if (published->publication.id == id) shard_.wheel().set(*published, shard_.now() + database_retry);
    // Its watchers are told all the same: what is shown depends on the time, not on the row.
    on_state_event(aor.text());
  });
}

void Agent::apply(const model::SavePublication& change) {
  auto& publications = presentity(change.publication.aor).publications;
  auto place = std::find_if(publications.begin(), publications.end(),
                            [&](const auto& one) { return one->publication.id == change.publication.id; });
  if (place == publications.end()) {
    place = publications.insert(publications.end(), std::make_unique<Published>(*this, change.publication));
    shard_.metrics().add(base::Metric::publications);
  }
  (*place)->publication = change.publication;
  shard_.wheel().set(**place, change.publication.expires);
}

void Agent::apply(const model::RemovePublication& change) {
  const auto found = presentities_.find(change.aor.text());
  if (found == presentities_.end()) return;
  const auto removed = std::erase_if(found->second->publications,
                                     [&](const auto& one) { return one->publication.id == change.id; });
  shard_.metrics().add(base::Metric::publications, -static_cast<std::int64_t>(removed));
}

}  // namespace rollcall::presence
