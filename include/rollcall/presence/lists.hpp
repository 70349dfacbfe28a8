// SPDX-License-Identifier: Apache-2.0
// Lists of resources that are watched with one subscription (RFC 4662).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/base/task.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::presence {

/// Does a SUBSCRIBE say itself who is to be watched (RFC 5367 §4)?
bool brings_list(const sip::Message& message);

/// Which list.
struct ListWish {
  sip::Aor owner;     // empty: whoever has made a service of this URI (RFC 4826 §4)
  bool own = false;   // all buddies of the owner, unless he has made a service of this URI
  std::string uri;    // of the list
  std::string event;  // the package
};

/// Who is on it.
struct WatchedList {
  struct Member {
    std::string uri;
    std::string display_name;  // "" for none
  };
  sip::Aor owner;
  std::string display_name;  // "" for none
  std::vector<Member> members;
  std::vector<sip::Aor> sources;  // whose documents it was made of; the empty one is the global tree
};

/// Reads a list. Called on a shard's thread; `done` is to be called once, on that thread. Errors: not_found
/// (nobody has such a service), unsupported (it is for other packages), unavailable.
using ReadList =
    std::function<void(const ListWish& wish, base::MoveFunction<void(base::Result<WatchedList>)> done)>;

/// The user parts of the URIs by which users reach their own buddies: "{user}-buddies" is a list of each
/// user, "rls" the same name for all.
class OwnLists {
 public:
  OwnLists() = default;
  explicit OwnLists(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {}

  /// What is wrong with a pattern; "" for nothing.
  static std::string fault_in(std::string_view pattern);
  /// Whose list this is: a user's, or the one's who asks. nullopt: no pattern is like it. Any thread.
  [[nodiscard]] std::optional<sip::Aor> owner_of(const sip::Aor& list, const sip::Aor& who_asks) const;

 private:
  std::vector<std::string> patterns_;
};

}  // namespace rollcall::presence
