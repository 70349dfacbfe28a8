// SPDX-License-Identifier: Apache-2.0
// The checks of a SUBSCRIBE, without I/O.
#pragma once

#include <cstdint>
#include <string>

#include <rollcall/base/limits.hpp>
#include <rollcall/engine/request.hpp>
#include <rollcall/model/presence.hpp>
#include <rollcall/presence/packages.hpp>
#include <rollcall/sip/headers/event.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::presence {

/// What a SUBSCRIBE asks for, once it has passed the checks of RFC 6665 §4.2.1.1.
struct SubscribeWish {
  const Package* package = nullptr;
  std::string event;  // as it was written: a NOTIFY is matched to it byte by byte (§8.2.1)
  std::string event_id;
  std::int64_t seconds = 0;  // 0: one NOTIFY and no more (§4.4.3), or the end of the subscription
};

/// The wish, or how the request is to be refused: 489, 423, 406, 400.
struct SubscribeCheck {
  SubscribeWish wish;
  std::optional<sip::Reply> refusal;
};
SubscribeCheck check_subscribe(const sip::Message& message, const base::Limits& limits);

/// Writes what a SUBSCRIBE says of the watcher's side into its subscription: flow, Accept, device,
/// expiry.
void take_from_request(model::Subscription& subscription, const engine::Request& request,
                       std::int64_t seconds, base::Instant now);

}  // namespace rollcall::presence
