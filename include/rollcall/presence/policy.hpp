// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <rollcall/model/presence.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::presence {

/// What happens to a watcher about whom nobody has said anything.
enum class DefaultPolicy : std::uint8_t {
  domain,   // users of the presentity's own domain may watch, others wait for an approval
  open,     // everybody with an account may watch
  confirm,  // everybody waits for an approval
};

/// "domain", "open", "confirm"; nullopt for another word.
std::optional<DefaultPolicy> policy_of(std::string_view word);

/// The one place that decides who may see whom (RFC 3856 §6.6.2): active, or pending and shown
/// nothing. One always sees oneself.
model::Subscription::State decide_watching(const sip::Aor& watcher, const sip::Aor& presentity,
                                           DefaultPolicy policy);

}  // namespace rollcall::presence
