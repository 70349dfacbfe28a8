// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <rollcall/base/result.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::sip {

/// Event (RFC 6665 §8.2.1): the package (with its templates) and the id. Views.
struct Event {
  std::string_view package;  // as written; compare without case, some clients write "Presence"
  Params params;

  static base::Result<Event> parse(std::string_view value);

  [[nodiscard]] std::string_view id() const { return params.get("id").value_or(""); }
};

/// Subscription-State (RFC 6665 §8.2.3) as a subscriber reads it. Views.
struct SubscriptionState {
  std::string_view state;
  Params params;

  static base::Result<SubscriptionState> parse(std::string_view value);
};

}  // namespace rollcall::sip
