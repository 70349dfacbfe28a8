// SPDX-License-Identifier: Apache-2.0
// Kept messages to a device that has registered: one after the other, oldest first.
#include "message.hpp"
#include "records.hpp"

#include <rollcall/base/log.hpp>

namespace rollcall::messaging {

namespace {

constexpr base::Log logger{"messaging"};

// RFC 3428 §7: after a 2xx the device has it, and after a 6xx as well, though it was refused.
bool has_arrived(int status) {
  return status / 100 == 2 || status / 100 == 6;
}

const model::Binding* binding_of(const std::vector<const model::Binding*>& bindings,
                                 const std::string& device) {
  const auto found = std::find_if(bindings.begin(), bindings.end(),
                                  [&](const model::Binding* binding) { return binding->device() == device; });
  return found == bindings.end() ? nullptr : *found;
}

}  // namespace

void Messaging::deliver_to(const std::string& aor, const std::string& device) {
  Waiting* waiting = find(aor);
  if (!waiting || waiting->items.empty()) return;
  const auto [delivery, is_new] = waiting->deliveries.try_emplace(device);
  if (is_new)
    deliver_next(aor, device);
  else
    delivery->second.again = true;
}

Messaging::Delivery* Messaging::find_delivery(const std::string& aor, const std::string& device) {
  Waiting* waiting = find(aor);
  if (!waiting) return nullptr;
  const auto found = waiting->deliveries.find(device);
  return found == waiting->deliveries.end() ? nullptr : &found->second;
}

void Messaging::end_delivery(const std::string& aor, const std::string& device) {
  if (Waiting* waiting = find(aor)) waiting->deliveries.erase(device);
}

// Reads the text of the oldest message that the device has not had; ends the delivery when there is none.
void Messaging::deliver_next(const std::string& aor, const std::string& device) {
  const Delivery* delivery = find_delivery(aor, device);
  if (!delivery) return;
  const Waiting& waiting = *find(aor);
  const auto next = std::find_if(waiting.items.begin(), waiting.items.end(), [&](const Waiting::Item& item) {
    return item.is_for(device) && item.expires > shard_.now() && !delivery->skipped.contains(item.id);
  });
  if (next == waiting.items.end()) return end_delivery(aor, device);
  readers_.post([this, aor = waiting.aor, device, id = next->id](engine::Queries& queries) {
    auto message = queries.message(aor, id);
    shard_.post([this, aor, device, id, message = std::move(message)] {
      if (message && *message) return send_stored(aor.text(), device, **message);
      on_unreadable(aor.text(), device, id, message.ok());
    });
  });
}

// The row is gone (somebody dropped the message meanwhile), or the database is away: then the next
// registration tries again.
void Messaging::on_unreadable(const std::string& aor, const std::string& device, const std::string& id,
                              bool gone) {
  Delivery* delivery = find_delivery(aor, device);
  if (!delivery) return;
  if (!gone) return end_delivery(aor, device);
  delivery->skipped.insert(id);
  deliver_next(aor, device);
}

// While it was read the device may have gone or moved, and the message may have been dropped.
void Messaging::send_stored(const std::string& aor, const std::string& device,
                            const model::StoredMessage& message) {
  Delivery* delivery = find_delivery(aor, device);
  if (!delivery) return;
  if (!find(aor)->find(message.id)) return deliver_next(aor, device);
  const model::Binding* binding = binding_of(registrar_.bindings(aor), device);
  if (!binding) return end_delivery(aor, device);
  delivery->again = false;
  const Hop hop = hop_to(*binding);
  const std::uint64_t number = shard_.transactions().send(
      sip::Method::message, hop.destination, stored_head(message, hop, shard_.new_tag()),
      std::make_shared<const std::string>(message.body),
      [this, aor, device, id = message.id](const engine::Answer& answer) {
        on_delivered(aor, device, id, answer);
      },
      shard_.now());
  if (number == 0) end_delivery(aor, device);
}

void Messaging::on_delivered(const std::string& aor, const std::string& device, const std::string& id,
                             const engine::Answer& answer) {
  const int status = answer.status();
  Delivery* delivery = find_delivery(aor, device);
  if (status < 200 || !delivery) return;
  if (has_arrived(status)) return take_note(aor, device, id);
  logger.info("delivery_failed", base::kv("aor", aor), base::kv("id", id), base::kv("status", status));
  if (!may_succeed_later(status))
    delivery->skipped.insert(id);
  else if (!delivery->again)
    return end_delivery(aor, device);
  deliver_next(aor, device);
}

// Writes down that the device has it, and goes on.
void Messaging::take_note(const std::string& aor, const std::string& device, const std::string& id) {
  shard_.metrics().add(base::Metric::messages_delivered);
  shard_.keeper().commit(had_it(*find(aor), id, device), [this, aor, device, id](const base::Result<>& kept) {
    // Not written down: it must not be sent twice in this round, and the next one would.
    if (Delivery* delivery = find_delivery(aor, device); delivery && !kept) delivery->skipped.insert(id);
    drop_if_had(aor, id);
    deliver_next(aor, device);
  });
}

// The device has had the message, and so somebody has: it no longer waits for just anybody.
model::Changes Messaging::had_it(const Waiting& waiting, const std::string& id,
                                 const std::string& device) const {
  const Waiting::Item* item = waiting.find(id);
  const auto still_waits = [&](const std::string& other) {
    return other != device && other != Waiting::anybody;
  };
  if (!item || std::none_of(item->devices.begin(), item->devices.end(), still_waits))
    return {model::RemoveMessage{waiting.aor, id}};
  model::Changes changes;
  for (const std::string& other : item->devices)
    if (!still_waits(other)) changes.emplace_back(model::RemoveDelivery{waiting.aor, id, other});
  return changes;
}

// Two devices may have taken it at the same time, each as not the last.
void Messaging::drop_if_had(const std::string& aor, const std::string& id) {
  const Waiting* waiting = find(aor);
  const Waiting::Item* item = waiting ? waiting->find(id) : nullptr;
  if (item && item->devices.empty())
    shard_.keeper().commit({model::RemoveMessage{waiting->aor, id}}, [](const base::Result<>&) {});
}

}  // namespace rollcall::messaging
