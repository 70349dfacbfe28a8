// SPDX-License-Identifier: Apache-2.0
#include "records.hpp"

#include <rollcall/messaging/messaging.hpp>

namespace rollcall::messaging {

namespace {
// How long an expiry waits for the database before it is tried again.
constexpr base::Duration database_retry = std::chrono::seconds(5);
}  // namespace

Messaging::Messaging(engine::Shard& shard, const registrar::Registrar& registrar, engine::Readers& readers)
    : shard_(shard), registrar_(registrar), readers_(readers) {
  shard_.keeper().add_store(*this);
  shard_.keeper().listen(engine::Topic::bindings,
                         [this](const engine::Event& event) { on_bindings_event(event.key); });
}

Messaging::~Messaging() = default;

std::size_t Messaging::waiting(std::string_view aor) const {
  const Waiting* waiting = find(aor);
  return waiting ? waiting->items.size() : 0;
}

Messaging::Waiting* Messaging::find(std::string_view aor) const {
  return by_aor_.find(aor);
}

void Messaging::drop(const std::string& aor, const std::string& id, engine::Keeper::Done done) {
  model::Changes changes;
  if (Waiting* found = by_aor_.find(aor))
    for (const Waiting::Item& item : found->items)
      if (id.empty() || item.id == id) changes.emplace_back(model::RemoveMessage{found->aor, item.id});
  if (changes.empty() && !id.empty()) return done(base::not_found("no such message waits"));
  shard_.keeper().commit(std::move(changes), std::move(done));
}

void Messaging::apply(const model::Change& change) {
  std::visit(model::Visitor{
                 [this](const model::SaveMessage& c) { add(c.message); },
                 [this](const model::RemoveMessage& c) { remove(c.receiver, c.id); },
                 [this](const model::RemoveDelivery& c) { remove_device(c); },
                 [this](const model::SaveDevice& c) {
                   waiting_of(c.device.user).device(c.device.device).seen = c.device.seen;
                 },
                 [this](const model::RemoveDevice& c) { forget_device(c); },
                 [this](const model::RemoveUser& c) { forget(c.aor); },
                 [](const auto&) {},
             },
             change);
}

Messaging::Waiting& Messaging::waiting_of(const sip::Aor& aor) {
  if (Waiting* known = by_aor_.find(aor.text())) return *known;
  return by_aor_.insert(std::make_unique<Waiting>(*this, aor));
}

void Messaging::add(const model::StoredMessage& message) {
  Waiting& waiting = waiting_of(message.receiver);
  auto place = std::find_if(waiting.items.begin(), waiting.items.end(),
                            [&](const Waiting::Item& item) { return item.id >= message.id; });
  if (place == waiting.items.end() || place->id != message.id) {
    place = waiting.items.emplace(place);
    shard_.metrics().add(base::Metric::messages_waiting);
  }
  *place = {message.id, message.fingerprint, message.expires, message.devices};
  set_timer(waiting);
}

void Messaging::remove(const sip::Aor& aor, const std::string& id) {
  Waiting* found = by_aor_.find(aor.text());
  if (!found) return;
  const auto removed = std::erase_if(found->items, [&](const Waiting::Item& item) { return item.id == id; });
  shard_.metrics().add(base::Metric::messages_waiting, -static_cast<std::int64_t>(removed));
  set_timer(*found);
}

void Messaging::remove_device(const model::RemoveDelivery& change) {
  Waiting* found = by_aor_.find(change.receiver.text());
  if (!found) return;
  for (Waiting::Item& item : found->items)
    if (item.id == change.id) std::erase(item.devices, change.device);
}

void Messaging::forget_device(const model::RemoveDevice& change) {
  std::erase_if(waiting_of(change.user).devices,
                [&](const Waiting::Device& device) { return device.name == change.device; });
}

void Messaging::forget(const sip::Aor& aor) {
  Waiting* found = by_aor_.find(aor.text());
  if (!found) return;
  shard_.metrics().add(base::Metric::messages_waiting, -static_cast<std::int64_t>(found->items.size()));
  by_aor_.erase(aor.text());
}

void Messaging::expire(Waiting& waiting) {
  model::Changes changes;
  for (const Waiting::Item& item : waiting.items)
    if (item.expires <= shard_.now()) changes.emplace_back(model::RemoveMessage{waiting.aor, item.id});
  const auto count = static_cast<std::int64_t>(changes.size());
  shard_.keeper().commit(std::move(changes),
                         [this, aor = waiting.aor.text(), count](const base::Result<>& kept) {
                           if (kept) return shard_.metrics().add(base::Metric::messages_expired, count);
                           if (Waiting* found = by_aor_.find(aor))
                             shard_.wheel().set(*found, shard_.now() + database_retry);
                         });
}

void Messaging::set_timer(Waiting& waiting) {
  const auto first =
      std::min_element(waiting.items.begin(), waiting.items.end(),
                       [](const Waiting::Item& a, const Waiting::Item& b) { return a.expires < b.expires; });
  if (first == waiting.items.end())
    waiting.cancel();
  else
    shard_.wheel().set(waiting, first->expires);
}

}  // namespace rollcall::messaging
