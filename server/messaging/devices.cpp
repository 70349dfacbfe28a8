// SPDX-License-Identifier: Apache-2.0
// The devices that a user was seen with: messages are kept for those that are away.
#include "records.hpp"

namespace rollcall::messaging {

namespace {

// A device that registers every minute need not be written down each time.
constexpr base::Duration seen_again_after = std::chrono::hours(24);
// A device that only its contact names has mostly another one when it comes back.
constexpr base::Duration contact_life = std::chrono::hours(48);

bool is_contact(std::string_view device) {
  return device.starts_with("sip:") || device.starts_with("sips:");
}

bool is_registered(const std::vector<const model::Binding*>& bindings, std::string_view device) {
  return std::any_of(bindings.begin(), bindings.end(),
                     [&](const model::Binding* binding) { return binding->device() == device; });
}

}  // namespace

void Messaging::on_bindings_event(const std::string& aor) {
  const auto bindings = registrar_.bindings(aor);
  if (bindings.empty()) return;
  std::vector<base::Text> devices;
  devices.reserve(bindings.size());
  for (const model::Binding* binding : bindings)
    devices.push_back(binding->device());
  remember_devices(bindings);
  for (const base::Text& device : devices)
    deliver_to(aor, device.str());
}

void Messaging::remember_devices(const std::vector<const model::Binding*>& bindings) {
  const sip::Aor aor = bindings.front()->aor;
  Waiting& waiting = waiting_of(aor);
  model::Changes changes;
  for (const model::Binding* binding : bindings) {
    base::Instant& seen = waiting.device(binding->device()).seen;
    if (seen + seen_again_after > shard_.now()) continue;
    seen = shard_.now();
    changes.emplace_back(model::SaveDevice{{aor, binding->device(), seen}});
  }
  if (changes.empty()) return;
  forget_devices(waiting, bindings, changes);
  shard_.keeper().commit(std::move(changes), [](const base::Result<>&) {});
}

// Of those that are away: who has not come for too long, and who is too much; with what waits for them.
void Messaging::forget_devices(const Waiting& waiting, const std::vector<const model::Binding*>& bindings,
                               model::Changes& changes) const {
  const base::Duration life = std::chrono::hours(24 * std::int64_t{shard_.limits().device_days});
  std::vector<std::pair<base::Instant, std::string>> away;  // with when they are to be forgotten
  for (const auto& [device, seen] : waiting.devices)
    if (!is_registered(bindings, device))
      away.emplace_back(seen + (is_contact(device) ? std::min(contact_life, life) : life), device.str());
  std::sort(away.begin(), away.end());
  std::size_t count = waiting.devices.size();
  for (const auto& [end, device] : away) {
    if (end > shard_.now() && count <= static_cast<std::size_t>(shard_.limits().bindings_per_user)) return;
    --count;
    changes.emplace_back(model::RemoveDevice{waiting.aor, device});
    for (const Waiting::Item& item : waiting.items) {
      if (!item.names(device)) continue;
      if (item.devices.size() == 1)
        changes.emplace_back(model::RemoveMessage{waiting.aor, item.id});
      else
        changes.emplace_back(model::RemoveDelivery{waiting.aor, item.id, device});
    }
  }
}

}  // namespace rollcall::messaging
