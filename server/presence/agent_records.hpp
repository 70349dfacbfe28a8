// SPDX-License-Identifier: Apache-2.0
// What the agent keeps of each presentity, publication and watcher.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <rollcall/presence/agent.hpp>

namespace rollcall::presence {

struct Agent::Published final : engine::Timer {
  Published(Agent& owner, model::Publication publication)
      : owner(owner), publication(std::move(publication)) {}
  // A copy, as this record may end in the call.
  void fire(base::Instant) override { owner.expire_publication(sip::Aor(publication.aor), publication.id); }

  Agent& owner;
  model::Publication publication;
};

struct Agent::Watcher final : engine::Timer {
  Watcher(Agent& owner, model::Subscription subscription)
      : owner(owner),
        subscription(std::move(subscription)),
        package_(find_package(this->subscription.event)) {}
  void fire(base::Instant) override { owner.on_watcher_timer(*this); }

  /// Which package it is about. Rows of one that this program does not know are not loaded.
  [[nodiscard]] const Package& package() const { return *package_; }

  Agent& owner;
  model::Subscription subscription;  // as it is on disk, but for what a SUBSCRIBE that ends it has brought,
                                     // and for the flow
  bool flow_moved = false;           // since the row was written
  std::uint32_t cseq = 0;            // of the last NOTIFY sent
  std::uint32_t reserved_to = 0;     // the highest CSeq that the row allows in this run
  bool reserving = false;            // the row is being written again for more of them
  bool in_flight = false;            // a NOTIFY waits for its answer
  bool owed = false;                 // there is something to tell since the last NOTIFY
  bool ending = false;               // the row is being removed: no refresh, no NOTIFY
  bool left = false;                 // the row is removed; the last NOTIFY is due or sent
  bool last_sent = false;
  std::string_view end_reason;                    // of the last NOTIFY; "" : none is sent
  std::uint8_t failures = 0;                      // NOTIFYs refused in a row
  base::Instant retry_at = base::Instant::max();  // no NOTIFY before this time; max: at once
  base::Duration retry_delay{};                   // after the last NOTIFY that could not be sent
  std::unique_ptr<sip::Flow> failed_flow;         // what it could not be sent on

 private:
  const Package* package_;
};

struct Agent::Presentity {
  explicit Presentity(sip::Aor aor) : aor(std::move(aor)) {}

  sip::Aor aor;
  std::vector<std::unique_ptr<Published>> publications;
  std::vector<std::unique_ptr<Watcher>> watchers;
  // As it was last composed: for as long as a NOTIFY with it is on its way. Most of the time nobody asks, and
  // there are as many as there are people.
  std::weak_ptr<const std::string> body;
  std::uint64_t shown = 0;      // its hash; 0: never composed, or nobody has asked since
  bool changed = false;         // a publication has changed since, in what watchers see
  bool untold = false;          // `shown` is newer than what the watchers were told together
  bool registered = false;      // as `shown` has it
  bool other_watchers = false;  // than those that were told of last
};

inline std::string_view Agent::ByAor::operator()(const Presentity& presentity) const {
  return presentity.aor.text();
}
inline std::string_view Agent::ByTag::operator()(const Watcher& watcher) const {
  return watcher.subscription.dialog.local_tag;
}
inline std::uint64_t Agent::ById::operator()(const Watcher& watcher) const {
  return watcher.subscription.id;
}

/// What deciding about a SUBSCRIBE comes to.
struct Agent::Decision {
  engine::Outcome outcome;
  std::optional<model::Subscription> fetched = std::nullopt;  // told once, and not kept
  std::vector<std::uint64_t> ended = {};                      // goes on if the outcome cannot be kept
};

/// Tells every watcher again after a restart, some at a time.
struct Agent::Resumption final : engine::Timer {
  explicit Resumption(Agent& owner) : owner(owner) {}
  void fire(base::Instant now) override;

  static constexpr std::size_t at_a_time = 50;
  static constexpr base::Duration pause = std::chrono::milliseconds(10);

  Agent& owner;
  std::deque<std::uint64_t> ids;
};

/// The gate of what changes one dialog.
inline std::string dialog_key(std::string_view local_tag) {
  return std::string("dialog ").append(local_tag);
}

/// How long something that could not be written waits before it is tried again.
inline constexpr base::Duration database_retry = std::chrono::seconds(5);

/// The Contact of our side of a subscription that came on this flow: requests in the dialog come
/// back to it (RFC 6665 §4.4.1).
std::string contact_of_ours(const engine::Transactions& transactions, const sip::Flow& flow);

}  // namespace rollcall::presence
