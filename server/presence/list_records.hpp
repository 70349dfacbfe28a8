// SPDX-License-Identifier: Apache-2.0
// What the agent keeps of lists that are watched. A list belongs to the shard of its owner, where its dialog
// is; each of its members to a shard of its own, which keeps an interest in it there. Both live in one
// process: what would be a subscription of a list server (RFC 4662 §4) is a record here, and what would be a
// NOTIFY a task.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include <rollcall/bodies/rlmi.hpp>
#include <rollcall/presence/agent.hpp>
#include <rollcall/presence/lists.hpp>
#include <rollcall/presence/packages.hpp>

namespace rollcall::presence {

/// Names the subscription to a list, from wherever its members are.
struct ListKey {
  std::uint16_t home = 0;     // the shard of the dialog
  std::uint64_t id = 0;       // of the subscription
  std::uint32_t edition = 0;  // which of the questions of the list this is about: members change
};

/// What a member's shard tells a list.
struct MemberState {
  std::uint32_t place = 0;  // in the list
  bodies::InstanceState state = bodies::InstanceState::pending;
  std::string_view reason;  // of termination
  engine::SharedBody body;  // while active
};

/// What a list asks a member's shard.
struct MemberQuestion {
  std::uint32_t place = 0;
  sip::Aor presentity;
};

/// Who asks it, and until when he wants to know; a fetch once only.
struct MemberWatcher {
  ListKey list;
  Topic topic = Topic::presence;
  sip::Aor aor;
  std::uint32_t version = 0;  // that no document told of him before has reached
  base::Instant expires{};
  bool once = false;
};

/// What is to be told to which list.
struct ListNews {
  ListKey list;
  MemberState state;
};

/// The side of the dialog: who is on the list, and what the watcher has to be told of them.
struct Agent::ListSide {
  struct Member {
    base::Text uri;
    base::Text display_name;
    sip::Aor presentity;  // empty: nobody of ours, whose state is not known
    bodies::InstanceState state = bodies::InstanceState::pending;
    bool changed = false;     // since the watcher was told
    std::string_view reason;  // of termination
    engine::SharedBody body;  // only until it is told
  };

  std::string display_name;
  std::vector<Member> members;
  std::vector<sip::Aor> sources;  // whose documents the list was made of
  /// What is to be sent, one after the other. The first may be under way; it goes once it is answered.
  struct Packed {
    std::uint32_t version = 0;
    std::string content_type;
    engine::SharedBody body;
  };
  std::deque<Packed> bodies;
  void on_answered() {
    if (!bodies.empty()) bodies.pop_front();
  }
  std::uint32_t edition = 0;     // of the question that is answered or waited for
  std::uint32_t version = 0;     // of the next body (RFC 4662 §5.2)
  std::uint16_t unanswered = 0;  // shards that have been asked
  bool unread = true;            // the list has to be read, again or at all
  bool reading = false;          // its documents are
  bool whole = true;             // the full state is due
  bool fetched = false;          // it is told once, and nobody is asked to tell more
  base::Instant not_before{};    // changes are gathered until then
};

/// The side of a member: who sees it by way of a list.
struct Agent::Interest {
  ListKey list;
  std::uint32_t place = 0;
  std::uint32_t view = 0;  // see Agent::View, while handling shows anything
  rules::Handling handling = rules::Handling::confirm;
  Topic topic = Topic::presence;
  bool judged = false;                                           // the rules were asked
  bool gone = false;                                             // it was told that there is no such user
  bodies::InstanceState state = bodies::InstanceState::pending;  // as it was told
  sip::Aor watcher;
  std::uint64_t told = 0;     // the hash of the last document told, 0: none
  std::uint32_t version = 0;  // of the next document, where documents have one
  base::Instant since{}, expires{};
};

}  // namespace rollcall::presence
