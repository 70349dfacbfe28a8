// SPDX-License-Identifier: Apache-2.0
// Deciding about SUBSCRIBE.
#include "agent_records.hpp"
#include "list_subscribe.hpp"
#include "subscribe.hpp"

#include <rollcall/base/ids.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

#include <fmt/format.h>

namespace rollcall::presence {

namespace {

// RFC 6665 §4.1.3: a device that has both dialogs must not take its subscription back at once.
constexpr std::string_view superseded = "giveup;retry-after=3600";

std::string tag_in(const sip::Message& message, sip::Header id) {
  const auto& party = id == sip::Header::from ? message.from() : message.to();
  return party ? std::string(party->tag()) : "";
}

// RFC 6665 §4.2.1.1: how long it lasts, and by the Contact where requests of the dialog go; §4.4.4: what
// else can be subscribed to.
sip::Reply accepted(const engine::Transactions& transactions, const model::Subscription& subscription,
                    std::int64_t seconds) {
  auto reply = sip::Reply(200)
                   .with(sip::Header::contact, contact_of_ours(transactions, subscription.flow))
                   .with(sip::Header::expires, std::to_string(seconds))
                   .with(sip::Header::allow_events, allow_events());
  // RFC 4662 §4.2: so that the watcher knows that it is a list.
  if (!subscription.list.empty()) reply = std::move(reply).with(sip::Header::require, "eventlist");
  return reply;
}

bool same_request(const sip::Dialog& a, const sip::Dialog& b) {
  return a.call_id == b.call_id && a.remote_tag == b.remote_tag && a.remote_cseq == b.remote_cseq;
}

}  // namespace

std::string contact_of_ours(const engine::Transactions& transactions, const sip::Flow& flow) {
  std::string uri = "<sip:" + transactions.sent_by(flow);
  if (flow.transport == sip::Transport::tcp) uri += ";transport=tcp";
  return uri + ">";
}

void Agent::on_subscribe(engine::Request request, const sip::Aor& presentity) {
  const Rulebook::Book* book = rulebook_->find(presentity.text());
  if (!book || book->lists_are_known()) return decide_in_turn(std::move(request), presentity);
  when_lists_are_known(presentity, [this, presentity, request = std::move(request)](bool known) mutable {
    if (known) return decide_in_turn(std::move(request), presentity);
    shard_.reply(request, engine::refusal(base::unavailable("the lists of the rules cannot be read")));
  });
}

// One at a time for a watcher and a presentity, so that each sees the dialog that it supersedes.
void Agent::decide_in_turn(engine::Request request, const sip::Aor& presentity) {
  const std::string key = fmt::format("subscribe {} {}", request.sender.text(), presentity.text());
  take_turn(key, std::move(request), [this, presentity](const engine::Request& request) {
    return decide_initial(request, presentity);
  });
}

void Agent::on_resubscribe(engine::Request request) {
  std::string tag = tag_in(*request.message, sip::Header::to);
  const std::string key = dialog_key(tag);
  take_turn(key, std::move(request), [this, tag = std::move(tag)](const engine::Request& request) {
    Watcher* watcher = find_dialog(tag, *request.message);
    return watcher ? decide_refresh(request, *watcher) : Decision{sip::Reply(481)};
  });
}

void Agent::take_turn(const std::string& key, engine::Request request, Decide decide) {
  if (shard_.gate().is_full(key))
    return shard_.reply(request, engine::refusal({base::ErrorCode::overloaded, "too many requests wait"}));
  shard_.gate().enter(key, [this, key, decide = std::move(decide), request = std::move(request)]() mutable {
    Decision decision = decide(request);
    shard_.carry_out(std::move(request), std::move(decision.outcome),
                     [this, key, ended = std::move(decision.ended),
                      fetched = std::move(decision.fetched)](bool kept) mutable {
                       if (kept && fetched) notify_once(std::move(*fetched));
                       if (!kept)
                         for (const std::uint64_t id : ended)
                           revive(id);
                       shard_.gate().leave(key);
                     });
  });
}

// RFC 6665 §4.2.1.1 and §4.4.1, RFC 3856 §6.6.
Agent::Decision Agent::decide_initial(const engine::Request& request, const sip::Aor& presentity) {
  if (!directory_.find_enabled(presentity.text())) return {sip::Reply(404)};
  const SubscribeCheck check = check_subscribe(*request.message, shard_.limits());
  if (check.refusal) return {*check.refusal};
  if (check.wish.package->for_oneself && request.sender != presentity)
    return {sip::Reply(403, "Forbidden: this is told to nobody else")};
  auto subscription = begin_subscription(request, presentity, check.wish);
  if (!subscription) return {engine::refusal(subscription.error())};
  if (check.wish.package->topic == Topic::documents) {
    if (auto refusal = take_documents(*request.message, *subscription)) return {*refusal};
    if (check.wish.seconds > 0 && follows_too_much(*subscription))
      return {engine::refusal({base::ErrorCode::overloaded, "too many subscriptions to documents"})};
  }
  if (!check.wish.package->for_oneself) {
    const rules::Handling handling = handling_of(presentity, request.sender);
    if (handling == rules::Handling::block) return {sip::Reply(403, "Forbidden: not allowed to watch")};
    if (handling == rules::Handling::confirm) subscription->state = model::Subscription::State::pending;
  }
  return decide_new(request, std::move(*subscription), check.wish.seconds);
}

base::Result<model::Subscription> Agent::begin_subscription(const engine::Request& request,
                                                            const sip::Aor& presentity,
                                                            const SubscribeWish& wish) const {
  auto dialog = sip::Dialog::from_request(*request.message, shard_.new_tag());
  if (!dialog) return dialog.error();
  model::Subscription subscription;
  subscription.presentity = presentity;
  subscription.id = base::random_bits() >> 1;
  subscription.state = model::Subscription::State::active;
  subscription.event = wish.event;
  subscription.event_id = wish.event_id;
  subscription.watcher = request.sender;
  subscription.dialog = std::move(*dialog);
  subscription.run = shard_.run().number;
  subscription.created = shard_.now();
  take_from_request(subscription, request, wish.seconds, shard_.now());
  return subscription;
}

// It takes the place of what the same device subscribed to before.
Agent::Decision Agent::decide_new(const engine::Request& request, model::Subscription subscription,
                                  std::int64_t seconds) {
  const sip::Aor presentity = subscription.presentity;
  Decision decision{accepted(shard_.transactions(), subscription, seconds)};
  decision.outcome.to_tag = subscription.dialog.local_tag;
  if (seconds == 0) {
    // RFC 3857 §4.7.1: so that somebody who only fetches can be decided about too.
    if (shard_.keeper().can_commit()) go_on_waiting(subscription, decision.outcome.changes);
    decision.fetched = std::move(subscription);
    return decision;
  }
  const auto older = same_device(subscription);
  for (Watcher* watcher : older)
    if (same_request(watcher->subscription.dialog, subscription.dialog))
      return decide_again(request, *watcher);
  if (is_full(presentity, older.size()))
    return {engine::refusal({base::ErrorCode::overloaded, "too many watchers"})};
  for (Watcher* watcher : older) {
    watcher->ending = true;
    watcher->end_reason = superseded;
    decision.ended.push_back(watcher->subscription.id);
    decision.outcome.changes.emplace_back(model::RemoveSubscription{presentity, watcher->subscription.id});
  }
  if (subscription.list.empty())
    wait_no_more({subscription.id, presentity, subscription.watcher, *find_package(subscription.event)},
                 decision.outcome.changes);
  decision.outcome.changes.emplace_back(model::SaveSubscription{std::move(subscription)});
  return decision;
}

// The request that made this dialog, once more: by another way (RFC 3261 §8.2.2.2), or because its answer
// was lost when the server ended. Then it gets that answer again.
Agent::Decision Agent::decide_again(const engine::Request& request, Watcher& watcher) {
  if (watcher.subscription.run == shard_.run().number) return {sip::Reply(482)};
  Decision decision = decide_refresh(request, watcher);
  decision.outcome.to_tag = watcher.subscription.dialog.local_tag;
  return decision;
}

// What the same device subscribed to before in another dialog: after a restart it has forgotten it.
std::vector<Agent::Watcher*> Agent::same_device(const model::Subscription& by) const {
  std::vector<Watcher*> older;
  Presentity* found = presentities_.find(by.presentity.text());
  if (!found) return older;
  for (const auto& watcher : found->watchers) {
    const model::Subscription& one = watcher->subscription;
    if (watcher->ending || one.watcher != by.watcher || one.event != by.event ||
        one.event_id != by.event_id || one.list != by.list)
      continue;
    const bool same_instance = !by.instance.empty() && one.instance == by.instance;
    const bool same_contact =
        by.instance == one.instance && one.dialog.remote_target == by.dialog.remote_target;
    const bool same_call =
        one.dialog.call_id == by.dialog.call_id && one.dialog.remote_tag == by.dialog.remote_tag;
    if (same_instance || same_contact || same_call) older.push_back(watcher.get());
  }
  return older;
}

bool Agent::is_full(const sip::Aor& presentity, std::size_t leaving) const {
  Presentity* found = presentities_.find(presentity.text());
  const std::size_t watchers = !found ? 0 : found->watchers.size();
  return watchers - leaving >= static_cast<std::size_t>(shard_.limits().watchers_per_user);
}

Agent::Watcher* Agent::find_watcher(std::uint64_t id) const {
  return by_id_.find(id);
}

Agent::Watcher* Agent::find_dialog(const std::string& tag, const sip::Message& message) const {
  Watcher* found = by_tag_.find(tag);
  if (!found || found->ending) return nullptr;
  const sip::Dialog& dialog = found->subscription.dialog;
  const bool same = dialog.call_id == message.first(sip::Header::call_id).value_or("") &&
                    dialog.remote_tag == tag_in(message, sip::Header::from);
  return same ? found : nullptr;
}

// The row does not hold a flow that has moved since it was written.
model::Change Agent::change_for(model::Subscription subscription, const Watcher& watcher) {
  if (watcher.flow_moved) return model::SaveSubscription{std::move(subscription)};
  return model::refresh_or_save<model::SaveSubscription, model::RefreshSubscription>(std::move(subscription),
                                                                                     watcher.subscription);
}

// RFC 6665 §4.2.1.4 for a SUBSCRIBE within its dialog.
Agent::Decision Agent::decide_refresh(const engine::Request& request, Watcher& watcher) {
  const sip::Message& message = *request.message;
  if (request.sender != watcher.subscription.watcher)
    return {sip::Reply(403, "Forbidden: the subscription is another user's")};
  model::Subscription subscription = watcher.subscription;
  if (const auto in_order = subscription.dialog.on_request(message); !in_order)
    return {engine::refusal(in_order.error())};
  const SubscribeCheck check = check_subscribe(message, shard_.limits());
  if (check.refusal) return {*check.refusal};
  // RFC 6665 §4.5.2: another event, or another id, is a subscription of its own.
  if (!sip::equal_ignoring_case(check.wish.package->name, subscription.event) ||
      check.wish.event_id != subscription.event_id)
    return {sip::Reply(403, "Forbidden: dialog sharing is not supported")};
  // RFC 5367 §5.1 gives it no meaning yet; clients bring a list that has changed.
  if (watcher.list && brings_list(message)) {
    auto resources = resources_in(message, shard_.limits());
    if (!resources) return {list_refusal(resources.error())};
    subscription.resources = std::move(*resources);
  }
  if (watcher.topic() == Topic::documents)
    if (auto refusal = take_documents(message, subscription)) return {*refusal};
  take_from_request(subscription, request, check.wish.seconds, shard_.now());

  Decision decision{accepted(shard_.transactions(), subscription, check.wish.seconds)};
  if (check.wish.seconds == 0) {
    decision.ended.push_back(subscription.id);
    go_on_waiting(subscription, decision.outcome.changes);
    decision.outcome.changes.emplace_back(
        model::RemoveSubscription{subscription.presentity, subscription.id});
    // The last NOTIFY goes where this request came from.
    subscription.expires = watcher.subscription.expires;
    watcher.subscription = std::move(subscription);
    watcher.ending = true;
    watcher.end_reason = "timeout";
    return decision;
  }
  subscription.dialog.local_cseq = watcher.cseq;
  subscription.run = shard_.run().number;
  decision.outcome.changes.push_back(change_for(std::move(subscription), watcher));
  return decision;
}

}  // namespace rollcall::presence
