// SPDX-License-Identifier: Apache-2.0
// What administrators see of somebody's presence, and what they decide for them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/bodies/watcherinfo.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/model/presence.hpp>
#include <rollcall/presence/status.hpp>
#include <rollcall/rules/permissions.hpp>

namespace rollcall::presence {

class Agent;

/// What became of one input of a composition, see compose().
struct ViewedInput {
  Input input = Input::publication;
  std::uint64_t id = 0;  // of the publication, else 0
  std::string from;      // the device, or who set it; "" when that is not known
  Status status = Status::available;
  bool by_hand = false;           // somebody chose the status
  bool shown = false;             // it is the one that watchers see
  std::string why;                // it is not
  std::vector<std::string> gave;  // the parts of the document that come from here: "person mood"
  base::Instant since{};          // the epoch where it means nothing, as the next
  base::Instant expires{};
};

/// A presentity as the server knows it now.
struct PresenceView {
  bool open = false;                  // as a watcher who is allowed sees it
  Status status = Status::offline;    // the same in one word
  std::string note;                   // the first that watchers see
  std::string document;               // the composed application/pidf+xml
  std::vector<ViewedInput> inputs{};  // of what it was made
  std::vector<model::Publication> publications;
  std::vector<model::Subscription> watchers;  // subscriptions to this presentity
};

/// A status for a user from an administrator, who has the last word: see compose().
struct WantedStatus {
  Status status = Status::available;  // not idle
  std::string note;                   // "": none
  std::string set_by;
  std::optional<base::Duration> lasts;  // nullopt: until it is taken back
};

/// Somebody who watches a presentity's presence, or waits for a decision.
struct WatcherView {
  sip::Aor watcher;
  bodies::WatcherStatus status = bodies::WatcherStatus::pending;  // active, pending or waiting
  bodies::WatcherEvent event = bodies::WatcherEvent::subscribe;   // what brought it there
  rules::Handling handling = rules::Handling::confirm;            // by the rules
  std::string user_agent;
  base::Instant since{};
  base::Instant expires{};
};

/// Gets the text of a document of rules, "" for none, and gives the new one, "" for none; or an error, and
/// the document stays as it is.
using ChangeRules = std::function<base::Result<std::string>(std::string_view document)>;
/// Changes the document that decisions are written to. Blocks; it is on disk when this returns.
using EditRules = std::function<base::Result<>(const sip::Aor& owner, const ChangeRules& change)>;

/// Any thread that is not a shard's; waits five seconds at most.
class Service {
 public:
  struct Part {
    engine::Shard* shard = nullptr;
    Agent* agent = nullptr;
  };
  explicit Service(std::vector<Part> parts, EditRules edit = {})
      : parts_(std::move(parts)), edit_(std::move(edit)) {}

  /// not_found for a user that does not exist, unavailable when no answer came in time.
  base::Result<PresenceView> view(const sip::Aor& aor);

  /// Subscriptions first, then who waits. Errors as for view().
  base::Result<std::vector<WatcherView>> watchers(const sip::Aor& presentity);

  /// Writes a decision about a watcher into the user's presence rules, as a client could by XCAP: it holds at
  /// once, and watchers are told. Gives what the rules say about the watcher then, which is more than was
  /// asked for when another of the user's rules gives more (RFC 4745 §10). Errors as for view(); conflict
  /// when the document cannot be edited.
  base::Result<rules::Handling> decide(const sip::Aor& presentity, const sip::Aor& watcher,
                                       rules::Handling handling);

  /// Takes a decision back, and forgets that the watcher waits. Errors as for decide(); not_found when there
  /// is nothing to forget.
  base::Result<> forget(const sip::Aor& presentity, const sip::Aor& watcher);

  /// Sets a user's status; it is on disk and watchers are told when this returns. Errors as for view();
  /// overloaded when too much else changes of this user.
  base::Result<> set_status(const sip::Aor& aor, const WantedStatus& wanted);
  /// Takes it back; not_found when there is none.
  base::Result<> clear_status(const sip::Aor& aor);

 private:
  Part& owner(const sip::Aor& aor);
  base::Result<rules::Handling> handling_of(const sip::Aor& presentity, const sip::Aor& watcher);
  /// False: the rules were as wanted.
  base::Result<bool> change_rules(const sip::Aor& presentity, const ChangeRules& change);

  std::vector<Part> parts_;
  EditRules edit_;
};

}  // namespace rollcall::presence
