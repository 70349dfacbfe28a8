// SPDX-License-Identifier: Apache-2.0
// The agent's subscriptions: requests, memory, ends.
#include <fmt/format.h>

#include <rollcall/base/ids.hpp>
#include <rollcall/base/log.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

#include "agent_records.hpp"
#include "subscribe.hpp"

namespace rollcall::presence {

namespace {

constexpr base::Log logger{"presence"};

std::string tag_in(const sip::Message& message, sip::Header id) {
  const auto party = sip::NameAddr::parse(message.first(id).value_or(""));
  return party ? std::string(party->tag()) : "";
}

// RFC 6665 §4.2.1.1: how long it lasts, and by the Contact where requests of the dialog go.
sip::Reply accepted(const engine::Transactions& transactions, const sip::Flow& flow, std::int64_t seconds) {
  return sip::Reply(200)
      .with(sip::Header::contact, contact_of_ours(transactions, flow))
      .with(sip::Header::expires, std::to_string(seconds));
}

}  // namespace

std::string contact_of_ours(const engine::Transactions& transactions, const sip::Flow& flow) {
  std::string uri = "<sip:" + transactions.sent_by(flow);
  if (flow.transport == sip::Transport::tcp) uri += ";transport=tcp";
  return uri + ">";
}

void Agent::on_subscribe(engine::Request request, const sip::Aor& presentity) {
  // The same client's next try has the same Call-ID and From tag, and waits for this one.
  const std::string key =
      fmt::format("subscribe {} {}", request.message->first(sip::Header::call_id).value_or(""),
                  tag_in(*request.message, sip::Header::from));
  if (shard_.gate().is_full(key))
    return shard_.reply(request, engine::refusal({base::ErrorCode::overloaded, "too many requests wait"}));
  shard_.gate().enter(key, [this, key, presentity, request = std::move(request)]() mutable {
    Decision decision = decide_initial(request, presentity);
    shard_.carry_out(std::move(request), std::move(decision.outcome),
                     [this, key, fetched = std::move(decision.fetched)](bool kept) mutable {
                       shard_.gate().leave(key);
                       if (kept && fetched) notify_once(std::move(*fetched));
                     });
  });
}

// RFC 6665 §4.2.1.1 and §4.4.1, RFC 3856 §6.6.
Agent::Decision Agent::decide_initial(const engine::Request& request, const sip::Aor& presentity) {
  const sip::Message& message = *request.message;
  SubscribeCheck check = check_subscribe(message, shard_.limits());
  if (check.refusal) return {engine::Outcome(*check.refusal), std::nullopt};
  auto dialog = sip::Dialog::from_request(message, shard_.new_tag());
  if (!dialog) return {engine::Outcome(engine::refusal(dialog.error())), std::nullopt};

  model::Subscription subscription;
  subscription.presentity = presentity;
  subscription.id = base::random_bits() >> 1;
  subscription.event = check.wish.package->name;
  subscription.event_id = check.wish.event_id;
  subscription.watcher = request.sender;
  subscription.state = decide_watching(request.sender, presentity, policy_);
  subscription.dialog = std::move(*dialog);
  subscription.run = shard_.run().number;
  subscription.created = shard_.now();
  take_from_request(subscription, request, check.wish.seconds, shard_.now());

  Decision decision{accepted(shard_.transactions(), request.flow, check.wish.seconds), std::nullopt};
  decision.outcome.to_tag = subscription.dialog.local_tag;
  if (check.wish.seconds == 0) {
    decision.fetched = std::move(subscription);
    return decision;
  }
  const auto older = same_device(subscription);
  for (Watcher* watcher : older) {
    const bool same_dialog = watcher->subscription.dialog.call_id == subscription.dialog.call_id &&
                             watcher->subscription.dialog.remote_tag == subscription.dialog.remote_tag;
    // RFC 3261 §8.2.2.2: one request that came twice, by two ways.
    if (same_dialog && watcher->subscription.dialog.remote_cseq == subscription.dialog.remote_cseq)
      return {engine::Outcome(sip::Reply(482)), std::nullopt};
  }
  const auto found = presentities_.find(presentity.text());
  const std::size_t watchers = found == presentities_.end() ? 0 : found->second->watchers.size();
  if (watchers - older.size() >= static_cast<std::size_t>(shard_.limits().watchers_per_user))
    return {engine::Outcome(engine::refusal({base::ErrorCode::overloaded, "too many watchers"})), std::nullopt};
  for (Watcher* watcher : older) {
    watcher->end_reason = "giveup";
    decision.outcome.changes.emplace_back(model::RemoveSubscription{presentity, watcher->subscription.id});
  }
  decision.outcome.changes.emplace_back(model::SaveSubscription{std::move(subscription)});
  return decision;
}

// What the same device subscribed to before in another dialog: after a restart it has forgotten it.
std::vector<Agent::Watcher*> Agent::same_device(const model::Subscription& by) const {
  std::vector<Watcher*> older;
  const auto found = presentities_.find(by.presentity.text());
  if (found == presentities_.end()) return older;
  for (const auto& watcher : found->second->watchers) {
    const model::Subscription& one = watcher->subscription;
    if (one.watcher != by.watcher || one.event != by.event || one.event_id != by.event_id) continue;
    const bool same_instance = !by.instance.empty() && one.instance == by.instance;
    const bool same_contact = by.instance == one.instance && one.dialog.remote_target == by.dialog.remote_target;
    const bool same_call = one.dialog.call_id == by.dialog.call_id && one.dialog.remote_tag == by.dialog.remote_tag;
    if (same_instance || same_contact || same_call) older.push_back(watcher.get());
  }
  return older;
}

void Agent::on_resubscribe(engine::Request request) {
  const std::string tag = tag_in(*request.message, sip::Header::to);
  const auto find = [this](const std::string& tag, const sip::Message& message) -> Watcher* {
    const auto found = by_tag_.find(tag);
    if (found == by_tag_.end()) return nullptr;
    const sip::Dialog& dialog = found->second->subscription.dialog;
    const bool same = dialog.call_id == message.first(sip::Header::call_id).value_or("") &&
                      dialog.remote_tag == tag_in(message, sip::Header::from);
    return same && !found->second->ending ? found->second : nullptr;
  };
  shard_.take_turn("dialog " + tag, std::move(request), [this, tag, find](const engine::Request& request) {
    Watcher* watcher = find(tag, *request.message);
    return watcher ? decide_refresh(request, *watcher) : engine::Outcome(sip::Reply(481));
  });
}

// RFC 6665 §4.2.1.1 for a SUBSCRIBE within its dialog.
engine::Outcome Agent::decide_refresh(const engine::Request& request, Watcher& watcher) {
  const sip::Message& message = *request.message;
  if (request.sender != watcher.subscription.watcher)
    return sip::Reply(403, "Forbidden: the subscription is another user's");
  SubscribeCheck check = check_subscribe(message, shard_.limits());
  if (check.refusal) return *check.refusal;
  model::Subscription subscription = watcher.subscription;
  if (!sip::equal_ignoring_case(check.wish.package->name, subscription.event) ||
      check.wish.event_id != subscription.event_id)
    return sip::Reply(481, "Subscription Does Not Exist");
  if (const auto in_order = subscription.dialog.on_request(message); !in_order)
    return engine::refusal(in_order.error());

  engine::Outcome outcome(accepted(shard_.transactions(), request.flow, check.wish.seconds));
  if (check.wish.seconds == 0) {
    watcher.end_reason = "timeout";
    outcome.changes.emplace_back(model::RemoveSubscription{subscription.presentity, subscription.id});
    return outcome;
  }
  take_from_request(subscription, request, check.wish.seconds, shard_.now());
  subscription.state = decide_watching(subscription.watcher, subscription.presentity, policy_);
  subscription.dialog.local_cseq = watcher.cseq;
  subscription.run = shard_.run().number;
  outcome.changes.emplace_back(model::SaveSubscription{std::move(subscription)});
  return outcome;
}

void Agent::apply(const model::SaveSubscription& change) {
  const model::Subscription& saved = change.subscription;
  const auto known = by_id_.find(saved.id);
  Watcher* watcher = known == by_id_.end() ? nullptr : known->second;
  if (!watcher) {
    auto made = std::make_unique<Watcher>(*this, saved);
    watcher = made.get();
    by_id_.emplace(saved.id, watcher);
    by_tag_.emplace(saved.dialog.local_tag, watcher);
    presentity(saved.presentity).watchers.push_back(std::move(made));
    shard_.metrics().add(base::Metric::subscriptions);
  }
  watcher->subscription = saved;
  const std::uint32_t before = saved.cseq_before(shard_.run().number);
  watcher->cseq = std::max(watcher->cseq, before);
  watcher->reserved_to = before + model::Subscription::cseq_block - 1;
  set_timer(*watcher);
}

void Agent::apply(const model::RemoveSubscription& change) {
  if (const auto found = presentities_.find(change.presentity.text()); found != presentities_.end())
    leave(*found->second, change.id);
}

void Agent::apply(const model::RemoveUser& change) {
  const auto found = presentities_.find(change.aor.text());
  if (found == presentities_.end()) return;
  shard_.metrics().add(base::Metric::publications, -static_cast<std::int64_t>(found->second->publications.size()));
  found->second->publications.clear();
  while (!found->second->watchers.empty()) {
    Watcher& watcher = *found->second->watchers.back();
    watcher.end_reason = "noresource";
    leave(*found->second, watcher.subscription.id);
  }
}

// Off the disk: out of the presentity's watchers, and gone, unless one more NOTIFY is due.
void Agent::leave(Presentity& presentity, std::uint64_t id) {
  auto& watchers = presentity.watchers;
  const auto place = std::find_if(watchers.begin(), watchers.end(),
                                  [&](const auto& one) { return one->subscription.id == id; });
  if (place == watchers.end()) return;
  std::unique_ptr<Watcher> watcher = std::move(*place);
  watchers.erase(place);
  by_tag_.erase(watcher->subscription.dialog.local_tag);
  watcher->left = true;
  watcher->cancel();
  shard_.metrics().add(base::Metric::subscriptions, -1);
  if (watcher->end_reason.empty())
    by_id_.erase(id);
  else
    leaving_.emplace(id, std::move(watcher));
}

// Ends a subscription from our side (RFC 6665 §4.4.1).
void Agent::end(Watcher& watcher, std::string_view reason) {
  if (watcher.ending || watcher.left) return;
  watcher.ending = true;
  watcher.end_reason = reason;
  const std::uint64_t id = watcher.subscription.id;
  shard_.keeper().commit({model::RemoveSubscription{watcher.subscription.presentity, id}},
                         [this, id](const base::Result<>& kept) {
                           const auto found = by_id_.find(id);
                           if (kept || found == by_id_.end()) return;
                           found->second->ending = false;
                           shard_.wheel().set(*found->second, shard_.now() + database_retry);
                         });
}

// Who is disabled or removed is watched no more, and watches nobody.
void Agent::on_user_event(const std::string& text) {
  if (directory_.find_enabled(text)) return;
  const auto aor = sip::Aor::parse(text);
  if (!aor) return;
  logger.info("user_gone", base::kv("aor", text));
  if (const auto found = presentities_.find(text); found != presentities_.end()) {
    model::Changes changes;
    for (const auto& published : found->second->publications)
      changes.emplace_back(model::RemovePublication{*aor, published->publication.id});
    shard_.keeper().commit(std::move(changes), [](const base::Result<>&) {});
    for (const auto& watcher : found->second->watchers) end(*watcher, "noresource");
  }
  std::vector<Watcher*> left;
  for (const auto& [id, watcher] : leaving_)
    if (watcher->subscription.presentity == *aor && !watcher->last_sent) left.push_back(watcher.get());
  for (Watcher* watcher : left) notify(*watcher);
  for (Agent* peer : peers_)
    shard_.run_on(peer->shard_.index(), [peer, aor = *aor] { peer->end_subscriptions_of(aor); });
}

void Agent::end_subscriptions_of(const sip::Aor& watcher_aor) {
  std::vector<Watcher*> theirs;
  for (const auto& [id, watcher] : by_id_)
    if (watcher->subscription.watcher == watcher_aor) theirs.push_back(watcher);
  for (Watcher* watcher : theirs) end(*watcher, "rejected");
}

}  // namespace rollcall::presence
