// SPDX-License-Identifier: Apache-2.0
// What the agent keeps of each presentity, publication and watcher.
#pragma once

#include "list_records.hpp"
#include "package_records.hpp"
#include "rulebook.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <rollcall/bodies/dialog_info.hpp>
#include <rollcall/presence/agent.hpp>
#include <rollcall/rules/transform.hpp>

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
        list(this->subscription.list.empty() ? nullptr : std::make_unique<ListSide>()),
        package_(find_package(this->subscription.event)) {}
  void fire(base::Instant) override { owner.on_watcher_timer(*this); }

  /// Which package it is about. Rows of one that this program does not know are not loaded.
  [[nodiscard]] const Package& package() const { return *package_; }
  [[nodiscard]] Topic topic() const { return list ? Topic::list : package_->topic; }
  /// Do the rules of the presentity decide about it? About a list they do for each of its members.
  [[nodiscard]] bool asks_rules() const { return !list && !package_->for_oneself; }
  /// What its package remembers of it.
  Memory& remembered() {
    if (!memory) memory = std::make_unique<Memory>(subscription.id);
    return *memory;
  }

  Agent& owner;
  model::Subscription subscription;  // as it is on disk, but for what a SUBSCRIBE that ends it has brought,
                                     // and for the flow
  std::uint32_t cseq = 0;            // of the last NOTIFY sent
  std::uint32_t reserved_to = 0;     // the highest CSeq that the row allows in this run
  std::uint64_t told = 0;            // the hash of the last document sent, 0: none
  std::uint32_t view = 0;            // what the rules let it see, see Presentity; while it is active
  bodies::WatcherEvent event = bodies::WatcherEvent::subscribe;  // what brought it to its state
  bool judged = false;      // the rules were asked: state and view are theirs
  bool flow_moved = false;  // since the row was written
  bool reserving = false;   // the row is being written again for more of them
  bool in_flight = false;   // a NOTIFY waits for its answer
  bool owed = false;        // there is something to tell since the last NOTIFY
  bool ending = false;      // the row is being removed: no refresh, no NOTIFY
  bool left = false;        // the row is removed; the last NOTIFY is due or sent
  bool last_sent = false;
  std::uint8_t failures = 0;                      // NOTIFYs refused in a row
  std::string_view end_reason;                    // of the last NOTIFY; "" : none is sent
  base::Instant retry_at = base::Instant::max();  // no NOTIFY before this time; max: at once
  base::Duration retry_delay{};                   // after the last NOTIFY that could not be sent
  std::unique_ptr<sip::Flow> failed_flow;         // what it could not be sent on
  const std::unique_ptr<ListSide> list;           // null: it is about the presentity itself
  std::unique_ptr<Memory> memory;                 // null for packages that need none

 private:
  const Package* package_;
};

/// A document as it was last made: for as long as a NOTIFY with it is on its way. Most of the time nobody
/// asks, and there are as many as there are people.
struct Agent::Showing {
  std::weak_ptr<const std::string> body;
  std::uint64_t hash = 0;  // of the body, never 0 once there was one
};

/// What watchers with the same permissions see.
struct Agent::View {
  std::shared_ptr<const rules::Grant> grant;  // null: what somebody would show who is not there
  Showing showing;
};

/// Somebody who asks to see a presentity.
struct Agent::Asking {
  std::uint64_t id = 0;  // of the subscription, or of that to a list
  const sip::Aor& presentity;
  const sip::Aor& watcher;
  const Package& package;
  base::Instant since{};
};

/// A watcher who waits for a decision without a subscription.
struct Agent::Waiting {
  model::WaitingWatcher watcher;
  std::uint64_t id = 0;                                     // of the subscription that he had
  bodies::WatcherEvent end = bodies::WatcherEvent::giveup;  // how it will end
};

/// A watcher as he was when something happened to him: see bodies::Watcher.
struct Agent::Happening {
  Topic topic;  // what he watches
  std::uint64_t id = 0;
  sip::Aor watcher;
  bodies::WatcherStatus status;
  bodies::WatcherEvent event;
  base::Instant since, expires;
};

/// What only some presentities have: those with rules, with watchers that wait, or who ask who watches.
struct Agent::More final : engine::Timer {
  More(Agent& owner, sip::Aor aor) : owner(owner), aor(std::move(aor)) {}
  // A copy, as this record may end in the call.
  void fire(base::Instant) override { owner.on_time(sip::Aor(aor)); }

  /// Somebody who is told who watches (RFC 3858 §4).
  struct Listener {
    std::uint64_t id = 0;         // of the subscription
    Topic of = Topic::presence;   // whose watchers he is told of
    std::uint64_t seen = 0;       // how much of what happened he was told
    bool all = true;              // he gets the full state next
    std::vector<Happening> rest;  // what did not fit into the last document
  };
  void catch_up(Listener& listener) const;
  /// Has anything happened that he is to be told of?
  [[nodiscard]] bool has_news_for(const Listener& listener) const;
  Listener& listener(std::uint64_t subscription, Topic of) {
    for (Listener& one : listeners)
      if (one.id == subscription) return one;
    return listeners.emplace_back(Listener{subscription, of, 0, true, {}});
  }
  void forget_what_all_have_seen() {
    std::uint64_t seen = happened_before + happened.size();
    for (const Listener& one : listeners)
      if (!one.all) seen = std::min(seen, one.seen);
    for (; happened_before < seen; ++happened_before)
      happened.pop_front();
  }

  /// Longer than that it is shorter to tell everything.
  static constexpr std::size_t most_happenings = 1'000;
  /// Watchers in a document, so that it fits a datagram for those that can be reached by nothing else.
  static constexpr std::size_t most_in_document = 100;

  Agent& owner;
  sip::Aor aor;
  std::vector<View> views;  // each differs from the others; view i + 1 of a watcher
  std::vector<Waiting> waiting;
  std::optional<base::Instant> judge_at;  // a validity begins or ends
  std::vector<Listener> listeners;
  std::deque<Happening> happened;
  std::uint64_t happened_before = 0;  // how much is no longer in `happened`
  bool untold = false;                // something happened since the listeners were told
};

/// Dialogs as somebody is shown them.
struct Agent::ShownDialogs {
  bodies::DialogInfo info;  // its version is for whoever sends it
  std::uint64_t hash = 0;   // of all but what changes with the time, never 0
};

/// What was made of a presentity for those that are told in one go: each only once somebody asked for it.
struct Agent::Composed {
  std::optional<xml::PidfDocument> presence;
  std::map<DialogSight, ShownDialogs> dialogs;
  std::map<std::uint32_t, engine::SharedBody> held;  // the bodies of presence by view
};

struct Agent::Presentity {
  explicit Presentity(sip::Aor aor) : aor(std::move(aor)) {}

  More& more_of(Agent& owner) {
    if (!more) more = std::make_unique<More>(owner, aor);
    return *more;
  }
  /// Watchers have something else to be told.
  void change() {
    changed = true;
    forget_bodies();
  }
  /// The document is made anew when somebody asks.
  void forget_bodies() {
    whole.body.reset();
    if (more)
      for (View& view : more->views)
        view.showing.body.reset();
  }

  sip::Aor aor;
  std::vector<std::unique_ptr<Published>> publications;
  std::vector<std::unique_ptr<Watcher>> watchers;
  std::vector<Interest> interests;  // who sees it by way of a list
  Showing whole;                    // view 0: for those who may see everything
  bool changed = false;             // what watchers see, since they were told together
  bool registered = false;          // as the bodies have it
  bool rules_changed = false;       // and nobody was asked again
  std::unique_ptr<More> more;
};

/// What a decision about the watchers of one presentity depends on.
struct Agent::Circumstances {
  sip::Aor presentity;
  const Rulebook::Book* book = nullptr;  // null: there are no rules
  std::string sphere;
  rules::DomainDefault otherwise = rules::DomainDefault::block;
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
