// SPDX-License-Identifier: Apache-2.0
// A MESSAGE to whoever is registered, and to the store for the others.
#include <rollcall/base/log.hpp>
#include <rollcall/proxy/best_response.hpp>
#include <rollcall/registrar/destination.hpp>

#include "message.hpp"
#include "records.hpp"

namespace rollcall::messaging {

namespace {

constexpr base::Log logger{"messaging"};

// A sender is not kept waiting longer than this for a device that does not answer: what it has not
// taken by then is kept for it, and the sender is told 202.
constexpr base::Duration patience = std::chrono::seconds(5);

}  // namespace

const Messaging::Relay::Branch* Messaging::Relay::taken() const {
  const auto found =
      std::find_if(branches.begin(), branches.end(), [](const Branch& one) { return one.status / 100 == 2; });
  return found == branches.end() ? nullptr : &*found;
}

bool Messaging::Relay::all_done() const {
  return std::all_of(branches.begin(), branches.end(), [](const Branch& one) { return one.status != 0; });
}

void Messaging::Relay::fire(base::Instant) {
  patience_over = true;
  owner.review(shared_from_this());
}

void Messaging::on_message(engine::Request request, const sip::Aor& receiver) {
  if (auto refusal = check_message(*request.message, shard_.limits())) return shard_.reply(request, *refusal);
  auto relay = std::make_shared<Relay>(*this, std::move(request), receiver);
  relay->storable = is_storable(*relay->request.message);
  const auto bindings = registrar_.bindings(receiver.text());
  const std::size_t forks = std::min<std::size_t>(bindings.size(), static_cast<std::size_t>(shard_.limits().forks));
  for (std::size_t i = 0; i < forks; ++i) relay->branches.push_back({*bindings[i], 0, "", false});
  if (const auto found = by_aor_.find(receiver.text()); found != by_aor_.end()) {
    if (found->second->holds(fingerprint_of(*relay->request.message))) return answer(relay, sip::Reply(202));
    for (const auto& [device, seen] : found->second->devices) {
      const bool here = std::any_of(relay->branches.begin(), relay->branches.end(),
                                    [&](const Relay::Branch& one) { return device_key(one.binding) == device; });
      if (!here) relay->absent.push_back(device);
    }
  }
  shard_.wheel().set(*relay, shard_.now() + patience);
  start_branches(relay);
  review(relay);
}

void Messaging::start_branches(const RelayRef& relay) {
  const auto body = std::make_shared<const std::string>(relay->request.message->body());
  for (std::size_t i = 0; i < relay->branches.size(); ++i) {
    auto write = [relay, i](std::string_view via) {
      return forwarded_head(relay->request, relay->branches[i].binding, via);
    };
    const std::uint64_t number = shard_.transactions().send(
        sip::Method::message, registrar::destination_of(relay->branches[i].binding), std::move(write), body,
        [this, relay, i](const engine::Answer& answer) { on_branch_answer(relay, i, answer); }, shard_.now());
    if (number == 0) relay->branches[i].status = 503;
  }
}

void Messaging::on_branch_answer(const RelayRef& relay, std::size_t index, const engine::Answer& answer) {
  if (answer.status() < 200) return;  // RFC 4320: nothing provisional goes back for what is no INVITE
  Relay::Branch& branch = relay->branches[index];
  branch.status = answer.status();
  if (answer.response) branch.response = sip::write_backward(*answer.response);
  review(relay);
}

// After everything that happens to a relay: what is the sender told, and what is to be kept?
void Messaging::review(const RelayRef& relay) {
  if (const Relay::Branch* taken = relay->taken(); taken && !relay->answered) {
    relay->answered = true;
    shard_.metrics().add(base::Metric::messages_relayed);
    shard_.reply_bytes(relay->request.transaction, taken->status, taken->response);
  }
  release_taken(relay);
  store_missing(relay);
  if (relay->all_done()) relay->cancel();
  const bool decided = relay->all_done() || relay->patience_over;
  if (!relay->answered && !relay->committing && decided) answer_without_taker(relay);
}

// A device that took the message after it had been kept for it need not get it again.
void Messaging::release_taken(const RelayRef& relay) {
  for (Relay::Branch& branch : relay->branches) {
    if (!branch.kept || branch.status / 100 != 2) continue;
    branch.kept = false;
    const auto found = by_aor_.find(relay->receiver.text());
    if (found == by_aor_.end()) continue;
    shard_.keeper().commit(had_it(*found->second, relay->stored_id, device_key(branch.binding)),
                           [](const base::Result<>&) {});
  }
}

// Keeps the message for whom it is not kept yet: the devices that are away, those that failed, and,
// when the sender has waited long enough, those that have not answered.
void Messaging::store_missing(const RelayRef& relay) {
  if (!relay->storable || relay->committing || relay->not_kept) return;
  std::vector<std::string> devices;
  std::vector<std::size_t> branches;
  if (!relay->absent_kept) devices = relay->absent;
  for (std::size_t i = 0; i < relay->branches.size(); ++i) {
    const Relay::Branch& branch = relay->branches[i];
    const bool missed = branch.status == 0 ? relay->patience_over : may_succeed_later(branch.status);
    if (!missed || branch.kept) continue;
    devices.push_back(device_key(branch.binding));
    branches.push_back(i);
  }
  // As long as nobody has it, a device that was never seen before may have it too.
  const bool nobody = relay->all_done() || relay->patience_over ? !relay->taken() : false;
  if (nobody && !relay->kept_for_anybody && (relay->branches.empty() || !branches.empty()))
    devices.emplace_back(anybody);
  if (!devices.empty()) save(relay, devices, std::move(branches));
}

void Messaging::save(const RelayRef& relay, const std::vector<std::string>& devices,
                     std::vector<std::size_t> branches) {
  Waiting& waiting = waiting_of(relay->receiver);
  const Waiting::Item* known = waiting.find(relay->stored_id);
  if (!known && waiting.items.size() >= static_cast<std::size_t>(shard_.limits().waiting_per_user)) {
    logger.warning("message_store_full", base::kv("aor", relay->receiver.text()));
    relay->not_kept = sip::Reply(480, "Temporarily Unavailable: too many messages wait");
    return;
  }
  model::StoredMessage message =
      stored_of(relay->request, relay->receiver, known ? known->devices : std::vector<std::string>{},
                shard_.limits(), shard_.now());
  for (const std::string& device : devices)
    if (std::find(message.devices.begin(), message.devices.end(), device) == message.devices.end())
      message.devices.push_back(device);
  if (!relay->stored_id.empty()) message.id = relay->stored_id;
  const std::string id = message.id;
  const bool for_anybody =
      std::find(message.devices.begin(), message.devices.end(), anybody) != message.devices.end();
  relay->committing = true;
  shard_.keeper().commit({model::SaveMessage{std::move(message)}},
                         [this, relay, id, for_anybody, branches = std::move(branches)](const base::Result<>& kept) {
                           relay->committing = false;
                           if (kept) {
                             if (relay->stored_id.empty()) shard_.metrics().add(base::Metric::messages_stored);
                             relay->stored_id = id;
                             relay->absent_kept = true;
                             relay->kept_for_anybody = for_anybody;
                             for (const std::size_t i : branches) relay->branches[i].kept = true;
                           } else {
                             relay->not_kept = engine::refusal(kept.error());
                           }
                           review(relay);
                         });
}

// RFC 3428 §7: 202 when it is kept to be delivered later; else the best answer of the devices.
void Messaging::answer_without_taker(const RelayRef& relay) {
  if (!relay->stored_id.empty()) return answer(relay, sip::Reply(202));
  if (relay->not_kept) return answer(relay, *relay->not_kept);
  if (!relay->all_done()) return;  // not to be kept: the sender waits for the devices
  const Relay::Branch* best = nullptr;
  for (const Relay::Branch& branch : relay->branches)
    if (!branch.response.empty() && (!best || proxy::is_better(branch.status, best->status))) best = &branch;
  if (!best || best->status == 408 || best->status == 503)
    return answer(relay, sip::Reply(480, "Temporarily Unavailable: no device takes the message now"));
  relay->answered = true;
  shard_.reply_bytes(relay->request.transaction, best->status, best->response);
}

void Messaging::answer(const RelayRef& relay, const sip::Reply& reply) {
  relay->answered = true;
  shard_.reply(relay->request, reply);
}

}  // namespace rollcall::messaging
