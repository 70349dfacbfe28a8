// SPDX-License-Identifier: Apache-2.0
// The agent's NOTIFYs (RFC 6665 §4.2.2).
#include "agent_records.hpp"

#include <rollcall/base/log.hpp>
#include <rollcall/registrar/destination.hpp>
#include <rollcall/sip/headers/params.hpp>

#include <fmt/format.h>

namespace rollcall::presence {

namespace {

constexpr base::Log logger{"presence"};

constexpr std::uint8_t most_failures = 5;
constexpr base::Duration refused_retry = std::chrono::seconds(30);
constexpr base::Duration unreachable_retry_first = std::chrono::seconds(2);
constexpr base::Duration unreachable_retry_most = std::chrono::minutes(1);

// The answers to a NOTIFY after which the subscription is gone: those of RFC 6665 §4.2.2, 502 by way of
// RFC 5057 §5.1, and 408, which stands for no answer at all.
bool ends_subscription(int status) {
  constexpr int ends[] = {404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 502, 604};
  return std::find(std::begin(ends), std::end(ends), status) != std::end(ends);
}

std::int64_t seconds_left(const model::Subscription& subscription, base::Instant now) {
  return std::max<std::int64_t>(0,
                                std::chrono::ceil<std::chrono::seconds>(subscription.expires - now).count());
}

std::string event_value(const model::Subscription& subscription) {
  std::string value = subscription.event.str();
  if (!subscription.event_id.empty()) value.append(";id=").append(subscription.event_id);
  return value;
}

std::string_view word_for(model::Subscription::State state) {
  return state == model::Subscription::State::active ? "active" : "pending";
}

}  // namespace

// RFC 6665 §4.2.1.2: each SUBSCRIBE is followed by a NOTIFY, changed state or not. Somebody who was
// removed while it was being kept has no watchers.
void Agent::on_subscription_event(const engine::Event& event) {
  if (Watcher* watcher = find_watcher(event.id)) {
    watcher->retry_at = base::Instant::max();
    if (watcher->left)
      notify(*watcher);
    else if (watcher->list)
      tell_whole_list(*watcher);
    else
      resume(*watcher);
  }
  tell_audience(event.key);
  tidy(event.key);
}

// A publication that was only refreshed looks as before.
void Agent::on_publications_event(const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  if (!found) return;
  const Rulebook::Book* book = rulebook_->find(aor);
  if (found->changed && book && book->asks_for_sphere()) judge_when_known(found->aor);
  if (Presentity* still = presentities_.find(aor); still && still->changed) tell_watchers(aor);
  tidy(aor);
}

// So does a registration, as long as there is one.
void Agent::on_bindings_event(const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  if (!found) return;
  look_at_registration(*found);
  if (found->changed) tell_watchers(aor);
}

void Agent::tell_watchers(const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  if (!found) return;
  look_at_registration(*found);
  found->changed = false;
  found->forget_bodies();
  std::vector<std::uint64_t> active;
  for (const auto& watcher : found->watchers)
    if (watcher->asks_rules() && watcher->judged &&
        watcher->subscription.state == model::Subscription::State::active)
      active.push_back(watcher->subscription.id);
  tell_what_is_new(aor, active);
  if (Presentity* still = presentities_.find(aor)) tell_lists(*still);
}

// Each is told when what it is shown differs from what it was told last, or its state does. One body serves
// all who see the same: it is held until the last of them was told.
void Agent::tell_what_is_new(const std::string& aor, const std::vector<std::uint64_t>& ids) {
  Composed composed;
  for (const std::uint64_t id : ids) {
    Watcher* watcher = find_watcher(id);
    Presentity* found = presentities_.find(aor);
    if (!watcher || !found || watcher->left) continue;
    const bool active = watcher->subscription.state == model::Subscription::State::active;
    if (active && watcher->told == hash_of_shown(*found, watcher->topic(), watcher->view, composed)) continue;
    notify(*watcher);
  }
}

// Those who watch something of the presentity other than its presence.
void Agent::tell_about(Topic topic, const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  if (!found) return;
  std::vector<std::uint64_t> ids;
  for (const auto& watcher : found->watchers)
    if (watcher->topic() == topic) ids.push_back(watcher->subscription.id);
  for (const std::uint64_t id : ids)
    if (Watcher* watcher = find_watcher(id)) notify(*watcher);
}

// RFC 6665 §4.4.3: a fetch is a subscription that ends with its first NOTIFY.
void Agent::notify_once(model::Subscription subscription) {
  const std::uint64_t id = subscription.id;
  auto watcher = std::make_unique<Watcher>(*this, std::move(subscription));
  watcher->left = true;
  watcher->end_reason = "timeout";
  watcher->reserved_to = model::Subscription::cseq_block;
  Watcher& told = *watcher;
  by_id_.insert(&told);
  leaving_.emplace(id, std::move(watcher));
  if (told.topic() == Topic::documents) told.remembered().following.fetched = true;
  if (!told.list) return notify(told);
  told.list->fetched = true;
  tell_whole_list(told);
}

// One NOTIFY at a time in a dialog: what changes meanwhile is told in the next, which then holds the
// newest state.
void Agent::notify(Watcher& watcher) {
  watcher.owed = true;
  if (watcher.in_flight || watcher.last_sent) return;
  const bool held_back = watcher.retry_at != base::Instant::max() && watcher.retry_at > shard_.now();
  if (!watcher.left && (watcher.ending || held_back || !reserve_cseq(watcher))) return;
  // The last NOTIFY of a subscription to a list needs no body; that of a fetch is all there is.
  const bool needs_list = watcher.list && (!watcher.left || watcher.list->fetched);
  if (needs_list && !has_list_body(watcher)) return;
  if (watcher.topic() == Topic::documents && !has_document_changes(watcher)) return;
  const model::Subscription& subscription = watcher.subscription;
  const bool shown =
      subscription.state == model::Subscription::State::active && watcher.end_reason != "rejected";
  std::string state(watcher.left ? "terminated;reason=" : word_for(subscription.state));
  if (watcher.left)
    state.append(watcher.end_reason);
  else
    state.append(";expires=").append(std::to_string(seconds_left(subscription, shard_.now())));
  watcher.owed = (watcher.list && watcher.list->bodies.size() > 1) ||  // a list may take several
                 (watcher.memory && watcher.topic() == Topic::documents && watcher.memory->following.unread);
  watcher.last_sent = watcher.left;
  send_notify(watcher, state, shown ? body_for(watcher) : nullptr);
}

// Numbers are reserved in blocks, a block for each run of the server: see model::Subscription. A
// dialog that used up its block has its row written again first.
bool Agent::reserve_cseq(Watcher& watcher) {
  if (watcher.cseq < watcher.reserved_to) return true;
  if (watcher.reserving) return false;
  watcher.reserving = true;
  const std::string key = dialog_key(watcher.subscription.dialog.local_tag);
  const std::uint64_t id = watcher.subscription.id;
  const bool entered = shard_.gate().enter(key, [this, key, id] { save_again(key, id); });
  if (!entered) {
    watcher.reserving = false;
    try_at(watcher, shard_.now() + database_retry);
  }
  return false;
}

// In the dialog's turn: a refresh that was before it has written the row, and its event sends the NOTIFY.
void Agent::save_again(const std::string& key, std::uint64_t id) {
  Watcher* watcher = find_watcher(id);
  if (!watcher || watcher->left || watcher->ending || watcher->cseq < watcher->reserved_to) {
    if (watcher) watcher->reserving = false;
    return shard_.gate().leave(key);
  }
  model::Subscription subscription = watcher->subscription;
  subscription.dialog.local_cseq = watcher->cseq;
  subscription.run = shard_.run().number;
  shard_.keeper().commit({model::SaveSubscription{std::move(subscription)}},
                         [this, key, id](const base::Result<>& kept) {
                           if (Watcher* watcher = find_watcher(id)) {
                             watcher->reserving = false;
                             if (!kept && !watcher->left) try_at(*watcher, shard_.now() + database_retry);
                           }
                           shard_.gate().leave(key);
                         });
}

void Agent::send_notify(Watcher& watcher, const std::string& state, engine::SharedBody body) {
  model::Subscription& subscription = watcher.subscription;
  const sip::Dialog& dialog = subscription.dialog;
  const auto to = registrar::destination_for(dialog.next_hop(), subscription.flow, subscription.behind_nat);
  const std::size_t length = body ? body->size() : 0;
  sip::Writer writer;
  dialog.begin_request(writer, "NOTIFY", ++watcher.cseq);
  writer.header(sip::Header::contact, contact_of_ours(shard_.transactions(), subscription.flow))
      .header(sip::Header::event, event_value(subscription))
      .header(sip::Header::subscription_state, state);
  if (watcher.list) writer.header(sip::Header::require, "eventlist");
  if (length > 0)
    writer.header(sip::Header::content_type, watcher.list
                                                 ? std::string_view(watcher.list->bodies.front().content_type)
                                                 : watcher.package().media_type);
  writer.end(length);
  watcher.in_flight = true;
  const std::uint64_t id = subscription.id;
  const std::uint64_t number = shard_.transactions().send(
      sip::Method::notify, to, writer.take_unsent(), std::move(body),
      [this, id](const engine::Answer& answer) { on_notify_answer(id, answer); }, shard_.now());
  shard_.metrics().add(base::Metric::notifies_sent);
  if (number == 0) on_not_sent(watcher);
}

// Past the limit of transactions: it is told later, but for the last NOTIFY, which is not kept for that.
void Agent::on_not_sent(Watcher& watcher) {
  watcher.in_flight = false;
  tell_all_next_time(watcher);
  if (!watcher.left) return try_at(watcher, shard_.now() + std::chrono::seconds(1));
  const std::uint64_t id = watcher.subscription.id;
  by_id_.erase(id);
  leaving_.erase(id);
}

void Agent::on_notify_answer(std::uint64_t id, const engine::Answer& answer) {
  Watcher* watcher = find_watcher(id);
  if (!watcher || answer.status() < 200) return;
  watcher->in_flight = false;
  if (answer.status() >= 300) shard_.metrics().add(base::Metric::notifies_failed);
  if (watcher->last_sent) {
    by_id_.erase(id);
    leaving_.erase(id);
    return;
  }
  if (answer.status() >= 300) tell_all_next_time(*watcher);
  if (watcher->left) return notify(*watcher);  // the last one is due, whatever became of this one
  if (watcher->ending) return;
  if (answer.unreachable) return on_unreachable(*watcher);
  if (answer.status() >= 300) return on_refused(*watcher, answer);
  watcher->failures = 0;
  watcher->retry_delay = {};
  if (watcher->list) watcher->list->on_answered();
  if (watcher->owed) notify(*watcher);
}

// RFC 6665 §4.2.2: what ends the subscription ends it without another NOTIFY; after anything else it goes
// on, at the time that the answer names.
void Agent::on_refused(Watcher& watcher, const engine::Answer& answer) {
  const int status = answer.status();
  const auto later = answer.response ? answer.response->first(sip::Header::retry_after) : std::nullopt;
  logger.info("notify_failed", base::kv("watcher", watcher.subscription.watcher.text()),
              base::kv("presentity", watcher.subscription.presentity.text()), base::kv("status", status));
  if (ends_subscription(status) || ++watcher.failures >= most_failures) return end(watcher, "");
  const auto seconds =
      later ? sip::parse_number(later->substr(0, later->find_first_of(" ;("))) : std::nullopt;
  try_at(watcher, shard_.now() + (seconds ? std::chrono::seconds(*seconds) : refused_retry));
}

// The connection is gone. The subscription stays until it expires: the device will be back, on
// another connection, and its registration tells on which.
void Agent::on_unreachable(Watcher& watcher) {
  watcher.retry_delay = std::clamp(watcher.retry_delay * 2, unreachable_retry_first, unreachable_retry_most);
  try_at(watcher, shard_.now() + watcher.retry_delay);
  sip::Flow& flow = watcher.subscription.flow;
  watcher.failed_flow = std::make_unique<sip::Flow>(flow);
  const auto target = sip::Uri::parse(watcher.subscription.dialog.next_hop());
  const auto address = target ? target->literal_address() : std::nullopt;
  watcher.flow_moved = true;
  flow.connection = 0;
  if (address && !watcher.subscription.behind_nat) flow.remote = *address;
  look_for_flow(watcher);
}

void Agent::look_for_flow(const Watcher& watcher) {
  const model::Subscription& subscription = watcher.subscription;
  const std::uint16_t home = shard_.owner_of(subscription.watcher);
  if (peers_.empty()) return;
  shard_.run_on(home, [peer = peers_[home], back = this, id = subscription.id,
                       aor = subscription.watcher.text(), instance = subscription.instance,
                       target = subscription.dialog.remote_target] {
    for (const model::Binding* binding : peer->registrar_.bindings(aor)) {
      const bool same = instance.empty() ? binding->contact == target : binding->instance == instance;
      if (!same) continue;
      return peer->shard_.run_on(
          back->shard_.index(),
          [back, id, flow = binding->flow, nat = binding->behind_nat] { back->adopt_flow(id, flow, nat); });
    }
  });
}

void Agent::adopt_flow(std::uint64_t id, const sip::Flow& flow, bool behind_nat) {
  Watcher* watcher = find_watcher(id);
  if (!watcher || watcher->in_flight || (watcher->failed_flow && flow == *watcher->failed_flow)) return;
  watcher->subscription.flow = flow;
  watcher->subscription.behind_nat = behind_nat;
  watcher->flow_moved = true;
  watcher->retry_at = base::Instant::max();
  notify(*watcher);
}

void Agent::resume() {
  resumption_ = std::make_unique<Resumption>(*this);
  for (const Watcher* watcher : by_id_)
    resumption_->ids.push_back(watcher->subscription.id);
  shard_.wheel().set(*resumption_, shard_.now());
}

void Agent::Resumption::fire(base::Instant now) {
  for (std::size_t i = 0; i < at_a_time && !ids.empty(); ++i, ids.pop_front())
    if (Watcher* watcher = owner.find_watcher(ids.front())) owner.resume(*watcher);
  if (!ids.empty()) owner.shard_.wheel().set(*this, now + pause);
}

void Agent::resume_later(std::uint64_t id) {
  if (!resumption_) return;
  resumption_->ids.push_back(id);
  if (!resumption_->is_set()) shard_.wheel().set(*resumption_, shard_.now() + database_retry);
}

// The rules may have been changed meanwhile, and a removal of the presentity cut short.
void Agent::resume(Watcher& watcher) {
  const sip::Aor& presentity = watcher.subscription.presentity;
  const std::uint64_t id = watcher.subscription.id;
  if (!directory_.find_enabled(presentity.text())) return end(watcher, "noresource");
  if (watcher.list) return tell_whole_list(watcher);
  const Rulebook::Book* book = rulebook_->find(presentity.text());
  if (!watcher.judged && book && !book->can_be_asked())
    return when_lists_are_known(presentity, [this, id](bool known) {
      if (Watcher* watcher = find_watcher(id)) known ? judge_and_tell(*watcher) : resume_later(id);
    });
  judge_and_tell(watcher);
}

void Agent::judge_and_tell(Watcher& watcher) {
  const std::uint64_t id = watcher.subscription.id;
  judge_new(watcher);
  if (Watcher* still = find_watcher(id)) notify(*still);
}

}  // namespace rollcall::presence
