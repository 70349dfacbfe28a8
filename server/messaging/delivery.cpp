// SPDX-License-Identifier: Apache-2.0
// Kept messages to a device that has registered: one after the other, oldest first.
#include <rollcall/base/log.hpp>
#include <rollcall/registrar/destination.hpp>

#include "message.hpp"
#include "records.hpp"

namespace rollcall::messaging {

namespace {
constexpr base::Log logger{"messaging"};
// A device that registers every minute need not be written down each time.
constexpr base::Duration seen_again_after = std::chrono::hours(24);
}  // namespace

void Messaging::on_bindings_event(const std::string& aor) {
  for (const model::Binding* binding : registrar_.bindings(aor)) {
    remember_device(*binding);
    const auto found = by_aor_.find(aor);
    if (found == by_aor_.end() || found->second->items.empty()) continue;
    const std::string& device = device_key(*binding);
    auto& delivery = found->second->deliveries[device];
    if (delivery) continue;  // under way
    delivery = std::make_unique<Delivery>(Delivery{*binding, {}});
    deliver_next(aor, device);
  }
}

void Messaging::remember_device(const model::Binding& binding) {
  Waiting& waiting = waiting_of(binding.aor);
  const std::string& device = device_key(binding);
  const auto known = waiting.devices.find(device);
  if (known != waiting.devices.end() && known->second + seen_again_after > shard_.now()) return;
  model::Changes changes{model::SaveDevice{{binding.aor, device, shard_.now()}}};
  const base::Duration life = std::chrono::hours(24 * std::int64_t{shard_.limits().device_days});
  for (const auto& [old, seen] : waiting.devices)
    if (old != device && seen + life < shard_.now()) changes.emplace_back(model::RemoveDevice{binding.aor, old});
  waiting.devices[device] = shard_.now();
  shard_.keeper().commit(std::move(changes), [](const base::Result<>&) {});
}

// Reads the text of the oldest message that the device has not had; ends the delivery when there is none.
void Messaging::deliver_next(const std::string& aor, const std::string& device) {
  const auto found = by_aor_.find(aor);
  if (found == by_aor_.end()) return;
  Waiting& waiting = *found->second;
  const auto delivery = waiting.deliveries.find(device);
  if (delivery == waiting.deliveries.end()) return;
  const auto next = std::find_if(waiting.items.begin(), waiting.items.end(), [&](const Waiting::Item& item) {
    return item.is_for(device) && item.expires > shard_.now() && !delivery->second->skipped.contains(item.id);
  });
  if (next == waiting.items.end()) {
    waiting.deliveries.erase(delivery);
    return;
  }
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
void Messaging::on_unreadable(const std::string& aor, const std::string& device, const std::string& id, bool gone) {
  const auto found = by_aor_.find(aor);
  if (found == by_aor_.end()) return;
  const auto delivery = found->second->deliveries.find(device);
  if (delivery == found->second->deliveries.end()) return;
  if (!gone) {
    found->second->deliveries.erase(delivery);
    return;
  }
  delivery->second->skipped.insert(id);
  deliver_next(aor, device);
}

void Messaging::send_stored(const std::string& aor, const std::string& device, const model::StoredMessage& message) {
  const auto found = by_aor_.find(aor);
  if (found == by_aor_.end()) return;
  const auto delivery = found->second->deliveries.find(device);
  if (delivery == found->second->deliveries.end()) return;
  const model::Binding& binding = delivery->second->binding;
  auto write = [message, binding, tag = shard_.new_tag()](std::string_view via) {
    return stored_head(message, binding, tag, via);
  };
  const std::uint64_t number = shard_.transactions().send(
      sip::Method::message, registrar::destination_of(binding), std::move(write),
      std::make_shared<const std::string>(message.body),
      [this, aor, device, id = message.id](const engine::Answer& answer) { on_delivered(aor, device, id, answer); },
      shard_.now());
  if (number == 0) found->second->deliveries.erase(delivery);
}

void Messaging::on_delivered(const std::string& aor, const std::string& device, const std::string& id,
                             const engine::Answer& answer) {
  const int status = answer.status();
  const auto found = by_aor_.find(aor);
  if (status < 200 || found == by_aor_.end()) return;
  Waiting& waiting = *found->second;
  const auto delivery = waiting.deliveries.find(device);
  if (delivery == waiting.deliveries.end()) return;
  if (status >= 300) {
    logger.info("delivery_failed", base::kv("aor", aor), base::kv("id", id), base::kv("status", status));
    if (may_succeed_later(status)) {
      waiting.deliveries.erase(delivery);
      return;
    }
    delivery->second->skipped.insert(id);
    return deliver_next(aor, device);
  }
  shard_.metrics().add(base::Metric::messages_delivered);
  shard_.keeper().commit(had_it(waiting, id, device), [this, aor, device, id](const base::Result<>& kept) {
    // Not written down: it must not be sent twice in this round, and the next one would.
    if (const auto again = by_aor_.find(aor); !kept && again != by_aor_.end())
      if (const auto still = again->second->deliveries.find(device); still != again->second->deliveries.end())
        still->second->skipped.insert(id);
    deliver_next(aor, device);
  });
}

// The device has had the message, and so somebody has: it no longer waits for just anybody.
model::Changes Messaging::had_it(const Waiting& waiting, const std::string& id, const std::string& device) const {
  const Waiting::Item* item = waiting.find(id);
  const auto still_waits = [&](const std::string& other) { return other != device && other != anybody; };
  if (!item || std::none_of(item->devices.begin(), item->devices.end(), still_waits))
    return {model::RemoveMessage{waiting.aor, id}};
  model::Changes changes;
  for (const std::string& other : item->devices)
    if (!still_waits(other)) changes.emplace_back(model::RemoveDelivery{waiting.aor, id, other});
  return changes;
}

}  // namespace rollcall::messaging
