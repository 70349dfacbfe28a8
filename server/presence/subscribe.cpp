// SPDX-License-Identifier: Apache-2.0
#include "subscribe.hpp"

#include <algorithm>

#include <rollcall/registrar/destination.hpp>
#include <rollcall/registrar/device.hpp>
#include <rollcall/sip/headers/media_type.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

namespace rollcall::presence {

namespace {

using sip::Header;

// RFC 6665 §4.2.1.1: a wish for less than the minimum is refused only when it is shorter than an hour,
// which the limits table sees to.
std::optional<sip::Reply> choose_expires(SubscribeWish& wish, const sip::Message& message,
                                         const base::Limits& limits) {
  wish.seconds = limits.subscribe_default_seconds;
  if (const auto header = message.first(Header::expires)) {
    const auto seconds = sip::parse_number(*header);
    if (!seconds) return sip::Reply(400, "Bad Request: Expires is no number");
    wish.seconds = *seconds;
  }
  if (wish.seconds > 0 && wish.seconds < limits.subscribe_min_seconds)
    return sip::Reply(423).with(Header::min_expires, std::to_string(limits.subscribe_min_seconds));
  wish.seconds = std::min<std::int64_t>(wish.seconds, limits.subscribe_max_seconds);
  return std::nullopt;
}

std::string instance_in(const sip::Message& message) {
  const auto contact = sip::NameAddr::parse(message.first(Header::contact).value_or(""));
  return contact ? registrar::instance_of(*contact) : "";
}

}  // namespace

SubscribeCheck check_subscribe(const sip::Message& message, const base::Limits& limits) {
  SubscribeCheck check;
  const auto event = sip::Event::parse(message.first(Header::event).value_or(""));
  if (event) check.wish.package = find_package(event->package);
  if (!check.wish.package) {
    check.refusal = sip::Reply(489).with(Header::allow_events, allow_events());
    return check;
  }
  check.wish.event = event->package;
  check.wish.event_id = event->id();
  const std::string media_type(check.wish.package->media_type);
  check.refusal = choose_expires(check.wish, message, limits);
  // RFC 3856 §6.5: who sends no Accept takes the package's own type.
  if (!check.refusal && !sip::accepts(message, media_type, true))
    check.refusal = sip::Reply(406).with(Header::accept, media_type);
  return check;
}

void take_from_request(model::Subscription& subscription, const engine::Request& request,
                       std::int64_t seconds, base::Instant now) {
  const sip::Message& message = *request.message;
  subscription.flow = request.flow;
  subscription.behind_nat = registrar::is_behind_nat(message, request.flow);
  subscription.instance = instance_in(message);
  subscription.user_agent = message.first(Header::user_agent).value_or("");
  subscription.accept = message.joined(Header::accept);
  subscription.expires = now + std::chrono::seconds(seconds);
}

}  // namespace rollcall::presence
