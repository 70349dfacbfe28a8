// SPDX-License-Identifier: Apache-2.0
// What administrators see of somebody's presence.
#pragma once

#include <string>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/model/presence.hpp>

namespace rollcall::presence {

class Agent;

/// A presentity as the server knows it now.
struct PresenceView {
  bool open = false;     // as a watcher who is allowed sees it
  std::string document;  // the composed application/pidf+xml
  std::vector<model::Publication> publications;
  std::vector<model::Subscription> watchers;  // subscriptions to this presentity
};

/// Any thread that is not a shard's; waits five seconds at most.
class Service {
 public:
  struct Part {
    engine::Shard* shard = nullptr;
    Agent* agent = nullptr;
  };
  explicit Service(std::vector<Part> parts) : parts_(std::move(parts)) {}

  /// not_found for a user that does not exist, unavailable when no answer came in time.
  base::Result<PresenceView> view(const sip::Aor& aor);

 private:
  std::vector<Part> parts_;
};

}  // namespace rollcall::presence
