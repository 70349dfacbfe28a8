// SPDX-License-Identifier: Apache-2.0
// Deciding about a SUBSCRIBE to a list (RFC 4662 §4.4, RFC 5367 §4).
#include "list_subscribe.hpp"

#include "agent_records.hpp"
#include "subscribe.hpp"

#include <algorithm>
#include <utility>

#include <rollcall/bodies/deflate.hpp>
#include <rollcall/bodies/recipient_list.hpp>
#include <rollcall/sip/headers/event.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/xml/writer.hpp>

#include <fmt/format.h>

namespace rollcall::presence {

namespace {

using sip::Header;

bool names(const sip::Message& message, Header header, std::string_view tag) {
  const auto values = message.values(header);
  return std::any_of(values.begin(), values.end(),
                     [&](std::string_view value) { return sip::equal_ignoring_case(sip::trim(value), tag); });
}

}  // namespace

// RFC 5367 §4: a body that is no list is answered 415, one that is broken 400.
sip::Reply list_refusal(const base::Error& error) {
  if (error.code == base::ErrorCode::not_found || error.code == base::ErrorCode::unsupported)
    return sip::Reply(415).with(Header::accept, std::string(bodies::resource_lists_media_type));
  return sip::Reply(400, "Bad Request: recipient list: " + error.detail);
}

bool brings_list(const sip::Message& message) {
  return names(message, Header::require, "recipient-list-subscribe");
}

base::Result<std::string> resources_in(const sip::Message& message, const base::Limits& limits) {
  const std::string type(message.first(Header::content_type).value_or(""));
  const std::string disposition(message.first(Header::content_disposition).value_or(""));
  const auto plain = bodies::decode_content(message.first(Header::content_encoding).value_or(""),
                                            message.body(), static_cast<std::size_t>(limits.body_bytes));
  if (!plain) return plain.error();
  const auto list = bodies::read_recipient_list({type, disposition, *plain}, limits,
                                                static_cast<std::size_t>(limits.list_members));
  if (!list) return list.error();
  xml::Writer out("resource-lists", bodies::resource_lists_namespace);
  out.open("list");
  for (const bodies::Recipient& recipient : *list) {
    out.open("entry").attribute("uri", recipient.uri);
    out.element_if_any("display-name", recipient.display_name).close();
  }
  return out.take();
}

// What is no user's may be a list: one that comes with the request, everybody's own, or a service that
// somebody has defined.
void Agent::on_subscribe_list(engine::Request request, const sip::Aor& target) {
  const sip::Aor sender = request.sender;
  if (brings_list(*request.message)) return subscribe_list_of(sender, std::move(request));
  if (const auto owner = own_lists_.owner_of(target, sender))
    return subscribe_list_of(*owner, std::move(request));
  if (!read_list_) return shard_.reply(request, sip::Reply(404));
  ListWish wish;
  wish.uri = target.uri();
  if (const auto event = sip::Event::parse(request.message->first(Header::event).value_or("")))
    wish.event = event->package;
  read_list_(wish, [this, request = std::move(request)](base::Result<WatchedList> list) mutable {
    if (!list && list.error().code == base::ErrorCode::unsupported)
      return shard_.reply(request, sip::Reply(489).with(Header::allow_events, allow_events()));
    if (!list) return shard_.reply(request, engine::refusal(list.error()));
    // A list of the whole domain is kept with whoever watches it.
    const sip::Aor owner = list->owner.empty() ? request.sender : list->owner;
    subscribe_list_of(owner, std::move(request));
  });
}

void Agent::subscribe_list_of(const sip::Aor& owner, engine::Request request) {
  const std::uint16_t home = shard_.owner_of(owner);
  shard_.run_on(home, [peer = peer_at(home), owner, request = std::move(request)]() mutable {
    const std::string key =
        fmt::format("subscribe {} {}", request.sender.text(), request.message->request_uri());
    peer->take_turn(key, std::move(request), [peer, owner](const engine::Request& request) {
      return peer->decide_list(request, owner);
    });
  });
}

Agent::Decision Agent::decide_list(const engine::Request& request, const sip::Aor& owner) {
  const sip::Message& message = *request.message;
  if (!directory_.find_enabled(owner.text())) return {sip::Reply(404)};
  if (owner != request.sender) return {sip::Reply(403, "Forbidden: the list is another user's")};
  if (!names(message, Header::supported, "eventlist") && !names(message, Header::require, "eventlist"))
    return {sip::Reply(421).with(Header::require, "eventlist")};
  const SubscribeCheck check = check_subscribe(message, shard_.limits());
  if (check.refusal) return {*check.refusal};
  if (check.wish.package->for_oneself)
    return {sip::Reply(489, "Bad Event: lists are of what others may see")
                .with(Header::allow_events, "presence, dialog")};
  std::string resources;
  if (brings_list(message)) {
    auto list = resources_in(message, shard_.limits());
    if (!list) return {list_refusal(list.error())};
    resources = std::move(*list);
  }
  auto subscription = begin_subscription(request, owner, check.wish);
  if (!subscription) return {engine::refusal(subscription.error())};
  subscription->list = std::string(message.request_uri());
  if (check.wish.seconds > 0 && has_too_many_lists(*subscription))
    return {engine::refusal({base::ErrorCode::overloaded, "too many subscriptions to lists"})};
  subscription->resources = resources;
  return decide_new(request, std::move(*subscription), check.wish.seconds);
}

// Each costs a record for every member. One that the same device has made before goes.
bool Agent::has_too_many_lists(const model::Subscription& subscription) const {
  Presentity* found = presentities_.find(subscription.presentity.text());
  if (!found) return false;
  const auto lists = static_cast<std::size_t>(
      std::count_if(found->watchers.begin(), found->watchers.end(),
                    [](const auto& watcher) { return watcher->topic() == Topic::list; }));
  return lists - same_device(subscription).size() >= static_cast<std::size_t>(shard_.limits().lists_per_user);
}

}  // namespace rollcall::presence
