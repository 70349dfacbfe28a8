// SPDX-License-Identifier: Apache-2.0
// Who there is: domains and users.
#pragma once

#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/sip/digest.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::model {

struct Domain {
  std::string name;  // lower case
  base::Instant created{};

  friend bool operator==(const Domain&, const Domain&) = default;
};

struct User {
  sip::Aor aor;
  std::string display_name;
  sip::Ha1 ha1;         // the password itself is not kept
  bool enabled = true;  // a disabled user is treated by SIP as one that does not exist
  base::Instant created{};
  base::Instant updated{};

  friend bool operator==(const User&, const User&) = default;
};

}  // namespace rollcall::model
