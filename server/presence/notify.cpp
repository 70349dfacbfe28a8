// SPDX-License-Identifier: Apache-2.0
// The agent's NOTIFYs (RFC 6665 §4.2.2).
#include <fmt/format.h>

#include <rollcall/base/log.hpp>
#include <rollcall/registrar/destination.hpp>
#include <rollcall/sip/headers/params.hpp>

#include "agent_records.hpp"

namespace rollcall::presence {

namespace {

constexpr base::Log logger{"presence"};

constexpr std::uint8_t most_failures = 5;
constexpr base::Duration refused_retry = std::chrono::seconds(30);
constexpr base::Duration unreachable_retry_first = std::chrono::seconds(2);
constexpr base::Duration unreachable_retry_most = std::chrono::minutes(5);

// The answers to a NOTIFY after which the subscription is gone: RFC 6665 §4.2.2 by way of RFC 5057
// §5.1. 408 stands for no answer at all.
bool ends_subscription(int status) {
  constexpr int ends[] = {404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 502, 604};
  return std::find(std::begin(ends), std::end(ends), status) != std::end(ends);
}

std::int64_t seconds_left(const model::Subscription& subscription, base::Instant now) {
  return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(subscription.expires - now).count());
}

std::string_view word_for(model::Subscription::State state) {
  return state == model::Subscription::State::active ? "active" : "pending";
}

}  // namespace

// RFC 6665 §4.2.1.2: each SUBSCRIBE is followed by a NOTIFY, changed state or not.
void Agent::on_subscription_event(const engine::Event& event) {
  if (const auto found = by_id_.find(event.id); found != by_id_.end()) notify(*found->second);
  tidy(event.key);
}

void Agent::on_state_event(const std::string& aor) {
  const auto found = presentities_.find(aor);
  if (found == presentities_.end()) return;
  const engine::SharedBody before = std::exchange(found->second->body, nullptr);
  if (found->second->watchers.empty()) return tidy(aor);
  const auto presentity = sip::Aor::parse(aor);
  const engine::SharedBody after = presentity ? body_of(*presentity) : nullptr;
  if (before && after && *before == *after) return;
  for (const auto& watcher : found->second->watchers)
    if (watcher->subscription.state == model::Subscription::State::active) notify(*watcher);
}

// RFC 6665 §4.4.3: a fetch is a subscription that ends with its first NOTIFY.
void Agent::notify_once(model::Subscription subscription) {
  const std::uint64_t id = subscription.id;
  auto watcher = std::make_unique<Watcher>(*this, std::move(subscription));
  watcher->left = true;
  watcher->end_reason = "timeout";
  watcher->reserved_to = model::Subscription::cseq_block;
  Watcher& told = *watcher;
  by_id_.emplace(id, &told);
  leaving_.emplace(id, std::move(watcher));
  notify(told);
}

// One NOTIFY at a time in a dialog: what changes meanwhile is told in the next, which then holds the
// newest state.
void Agent::notify(Watcher& watcher) {
  watcher.owed = true;
  if (watcher.in_flight || watcher.last_sent || (watcher.ending && !watcher.left)) return;
  if (!reserve_cseq(watcher)) return;
  const model::Subscription& subscription = watcher.subscription;
  const bool shown = subscription.state == model::Subscription::State::active && watcher.end_reason != "rejected";
  std::string state = watcher.left
                          ? fmt::format("terminated;reason={}", watcher.end_reason)
                          : fmt::format("{};expires={}", word_for(subscription.state),
                                        seconds_left(subscription, shard_.now()));
  watcher.owed = false;
  watcher.last_sent = watcher.left;
  send_notify(watcher, state, shown ? body_of(subscription.presentity) : nullptr);
}

// Numbers are reserved in blocks, a block for each run of the server: see model::Subscription. A
// dialog that used up its block has its row written again first.
bool Agent::reserve_cseq(Watcher& watcher) {
  if (watcher.cseq < watcher.reserved_to || watcher.left) return true;
  if (watcher.reserving) return false;
  watcher.reserving = true;
  model::Subscription subscription = watcher.subscription;
  subscription.dialog.local_cseq = watcher.cseq;
  subscription.run = shard_.run().number;
  shard_.keeper().commit({model::SaveSubscription{std::move(subscription)}},
                         [this, id = watcher.subscription.id](const base::Result<>& kept) {
                           const auto found = by_id_.find(id);
                           if (found == by_id_.end()) return;
                           found->second->reserving = false;
                           if (kept) return;  // its event brings the NOTIFY
                           found->second->retry_at = shard_.now() + database_retry;
                           set_timer(*found->second);
                         });
  return false;
}

void Agent::send_notify(Watcher& watcher, const std::string& state, engine::SharedBody body) {
  model::Subscription& subscription = watcher.subscription;
  sip::Dialog dialog = subscription.dialog;
  dialog.local_cseq = ++watcher.cseq;
  const auto to = registrar::destination_for(dialog.next_hop(), subscription.flow, subscription.behind_nat);
  std::string event = subscription.event;
  if (!subscription.event_id.empty()) event += ";id=" + subscription.event_id;
  auto write = [dialog = std::move(dialog), state, event = std::move(event),
                contact = contact_of_ours(shard_.transactions(), subscription.flow),
                length = body ? body->size() : 0](std::string_view via) {
    sip::Writer writer;
    dialog.begin_request(writer, "NOTIFY", via);
    writer.header(sip::Header::contact, contact)
        .header(sip::Header::event, event)
        .header(sip::Header::subscription_state, state);
    if (length > 0) writer.header(sip::Header::content_type, "application/pidf+xml");
    return writer.end(length).take();
  };
  watcher.in_flight = true;
  const std::uint64_t id = subscription.id;
  const std::uint64_t number =
      shard_.transactions().send(sip::Method::notify, to, std::move(write), std::move(body),
                                 [this, id](const engine::Answer& answer) { on_notify_answer(id, answer); },
                                 shard_.now());
  shard_.metrics().add(base::Metric::notifies_sent);
  if (number != 0) return;
  // Past the limit of transactions: it is told later.
  watcher.in_flight = false;
  watcher.last_sent = false;
  watcher.owed = true;
  watcher.retry_at = shard_.now() + std::chrono::seconds(1);
  set_timer(watcher);
}

void Agent::on_notify_answer(std::uint64_t id, const engine::Answer& answer) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || answer.status() < 200) return;
  Watcher& watcher = *found->second;
  watcher.in_flight = false;
  if (watcher.last_sent) {
    by_id_.erase(found);
    leaving_.erase(id);
    return;
  }
  if (answer.status() >= 300) {
    shard_.metrics().add(base::Metric::notifies_failed);
    if (watcher.left) return notify(watcher);  // the last one is due all the same
    return answer.unreachable ? on_unreachable(watcher) : on_refused(watcher, answer);
  }
  watcher.failures = 0;
  watcher.retry_delay = {};
  watcher.retry_at = base::Instant::max();
  if (watcher.owed) return notify(watcher);
  set_timer(watcher);
}

// RFC 6665 §4.2.2: what ends the subscription ends it without another NOTIFY; after anything else,
// or when the answer says when to come back, it goes on.
void Agent::on_refused(Watcher& watcher, const engine::Answer& answer) {
  const int status = answer.status();
  const auto later = answer.response ? answer.response->first(sip::Header::retry_after) : std::nullopt;
  logger.info("notify_failed", base::kv("watcher", watcher.subscription.watcher.text()),
              base::kv("presentity", watcher.subscription.presentity.text()), base::kv("status", status));
  if ((ends_subscription(status) && !later) || ++watcher.failures >= most_failures) return end(watcher, "");
  const auto seconds = later ? sip::parse_number(later->substr(0, later->find_first_of(" ;("))) : std::nullopt;
  watcher.owed = true;
  watcher.retry_at = shard_.now() + (seconds ? std::chrono::seconds(*seconds) : refused_retry);
  set_timer(watcher);
}

// The connection is gone. The subscription stays until it expires: the device will be back, on
// another connection, and its registration tells on which.
void Agent::on_unreachable(Watcher& watcher) {
  watcher.owed = true;
  watcher.retry_delay = std::clamp(watcher.retry_delay * 2, unreachable_retry_first, unreachable_retry_most);
  watcher.retry_at = shard_.now() + watcher.retry_delay;
  set_timer(watcher);
  sip::Flow& flow = watcher.subscription.flow;
  const auto target = sip::Uri::parse(watcher.subscription.dialog.next_hop());
  const auto address = target ? target->literal_address() : std::nullopt;
  flow.connection = 0;
  if (address && !watcher.subscription.behind_nat) flow.remote = *address;
  look_for_flow(watcher);
}

void Agent::look_for_flow(const Watcher& watcher) {
  const model::Subscription& subscription = watcher.subscription;
  const std::uint16_t home = shard_.owner_of(subscription.watcher);
  if (peers_.empty()) return;
  shard_.run_on(home, [peer = peers_[home], back = this, id = subscription.id, aor = subscription.watcher.text(),
                       instance = subscription.instance, target = subscription.dialog.remote_target] {
    for (const model::Binding* binding : peer->registrar_.bindings(aor)) {
      const bool same = instance.empty() ? binding->contact == target : "<" + binding->instance + ">" == instance;
      if (!same) continue;
      return peer->shard_.run_on(back->shard_.index(), [back, id, flow = binding->flow, nat = binding->behind_nat] {
        back->adopt_flow(id, flow, nat);
      });
    }
  });
}

void Agent::adopt_flow(std::uint64_t id, const sip::Flow& flow, bool behind_nat) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || found->second->in_flight) return;
  Watcher& watcher = *found->second;
  const sip::Flow& old = watcher.subscription.flow;
  if (old.remote == flow.remote && old.transport == flow.transport && flow.connection == 0) return;
  if (watcher.retry_delay > unreachable_retry_most / 2) return;
  watcher.subscription.flow = flow;
  watcher.subscription.behind_nat = behind_nat;
  notify(watcher);
}

void Agent::on_watcher_timer(Watcher& watcher) {
  if (watcher.left) return notify(watcher);
  if (watcher.subscription.expires <= shard_.now()) return end(watcher, "timeout");
  watcher.retry_at = base::Instant::max();
  set_timer(watcher);
  if (watcher.owed) notify(watcher);
}

void Agent::set_timer(Watcher& watcher) {
  shard_.wheel().set(watcher,
                     watcher.left ? watcher.retry_at : std::min(watcher.subscription.expires, watcher.retry_at));
}

void Agent::resume() {
  resumption_ = std::make_unique<Resumption>(*this);
  for (const auto& [id, watcher] : by_id_) resumption_->ids.push_back(id);
  shard_.wheel().set(*resumption_, shard_.now());
}

void Agent::Resumption::fire(base::Instant now) {
  for (std::size_t i = 0; i < at_a_time && !ids.empty(); ++i, ids.pop_front())
    if (const auto found = owner.by_id_.find(ids.front()); found != owner.by_id_.end())
      owner.notify(*found->second);
  if (!ids.empty()) owner.shard_.wheel().set(*this, now + pause);
}

}  // namespace rollcall::presence
