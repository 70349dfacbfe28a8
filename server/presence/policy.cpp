// SPDX-License-Identifier: Apache-2.0
#include <rollcall/presence/policy.hpp>

namespace rollcall::presence {

using State = model::Subscription::State;

std::optional<DefaultPolicy> policy_of(std::string_view word) {
  if (word == "domain") return DefaultPolicy::domain;
  if (word == "open") return DefaultPolicy::open;
  if (word == "confirm") return DefaultPolicy::confirm;
  return std::nullopt;
}

State decide_watching(const sip::Aor& watcher, const sip::Aor& presentity, DefaultPolicy policy) {
  if (watcher == presentity) return State::active;
  switch (policy) {
    case DefaultPolicy::open:
      return State::active;
    case DefaultPolicy::confirm:
      return State::pending;
    case DefaultPolicy::domain:
      return watcher.domain() == presentity.domain() ? State::active : State::pending;
  }
  return State::pending;
}

}  // namespace rollcall::presence
