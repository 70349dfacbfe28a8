// SPDX-License-Identifier: Apache-2.0
// Who watches somebody, as that somebody is told (RFC 3857, RFC 3858).
#include "agent_records.hpp"

#include <rollcall/bodies/watcherinfo.hpp>

#include <fmt/format.h>

namespace rollcall::presence {

namespace {

std::uint64_t seconds(base::Duration duration) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(duration).count()));
}

bodies::Watcher entry_of(const model::Subscription& subscription, base::Instant now) {
  const bool active = subscription.state == model::Subscription::State::active;
  bodies::Watcher watcher;
  watcher.id = fmt::format("w{:x}", subscription.id);
  watcher.uri = "sip:" + subscription.watcher.text();
  watcher.status = active ? bodies::WatcherStatus::active : bodies::WatcherStatus::pending;
  watcher.event = bodies::WatcherEvent::subscribe;
  watcher.expiration = seconds(subscription.expires - now);
  watcher.duration_subscribed = seconds(now - subscription.created);
  return watcher;
}

}  // namespace

// Each document has the full state: it is right whatever was lost before it.
std::string Agent::watchers_text(const sip::Aor& aor, std::uint32_t version) const {
  bodies::WatcherList list{"sip:" + aor.text(), "presence", {}};
  if (Presentity* found = presentities_.find(aor.text()))
    for (const auto& watcher : found->watchers)
      if (watcher->package().topic == Topic::presence)
        list.watchers.push_back(entry_of(watcher->subscription, shard_.now()));
  return bodies::write_watcherinfo(version, bodies::Coverage::full, {&list, 1});
}

}  // namespace rollcall::presence
