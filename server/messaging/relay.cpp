// SPDX-License-Identifier: Apache-2.0
// A MESSAGE to whoever is registered, and to the store for the others.
#include "message.hpp"
#include "records.hpp"

#include <rollcall/base/log.hpp>
#include <rollcall/proxy/best_response.hpp>

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
  const std::string fingerprint = fingerprint_of(*request.message);
  if (const Waiting* waiting = find(receiver.text()); waiting && waiting->holds(fingerprint))
    return shard_.reply(request, sip::Reply(202));
  // RFC 3261 §8.2.2.2: it came by another way as well.
  std::string key = receiver.text() + "\n" + fingerprint;
  if (!under_way_.insert(key).second) return shard_.reply(request, sip::Reply(482));
  auto relay = std::make_shared<Relay>(*this, std::move(request), receiver, std::move(key));
  relay->storable = is_storable(relay->request, shard_.limits());
  find_devices(*relay);
  shard_.wheel().set(*relay, shard_.now() + patience);
  for (std::size_t i = 0; i < relay->branches.size(); ++i)
    send_branch(relay, i);
  review(relay);
}

// A branch for each device that is registered, best q first, and the names of the others.
void Messaging::find_devices(Relay& relay) {
  const auto branch_of = [&](const base::Text& device) {
    return std::find_if(relay.branches.begin(), relay.branches.end(),
                        [&](const Relay::Branch& one) { return one.device == device; });
  };
  for (const model::Binding* binding : registrar_.bindings(relay.receiver.text())) {
    auto branch = branch_of(binding->device());
    if (branch == relay.branches.end()) {
      if (relay.branches.size() == static_cast<std::size_t>(shard_.limits().forks)) continue;
      relay.branches.emplace_back().device = binding->device();
      branch = std::prev(relay.branches.end());
    }
    branch->flows.push_back(hop_to(*binding));
  }
  if (const Waiting* waiting = find(relay.receiver.text()))
    for (const auto& [device, seen] : waiting->devices)
      if (branch_of(device) == relay.branches.end()) relay.absent.push_back(device.str());
}

void Messaging::send_branch(const RelayRef& relay, std::size_t index) {
  Relay::Branch& branch = relay->branches[index];
  const Hop& hop = branch.flows[branch.flow];
  const std::uint64_t number = shard_.transactions().send(
      sip::Method::message, hop.destination, forwarded_head(relay->request, hop), relay->body,
      [this, relay, index](const engine::Answer& answer) { on_branch_answer(relay, index, answer); },
      shard_.now());
  if (number == 0) branch.status = 503;
}

void Messaging::on_branch_answer(const RelayRef& relay, std::size_t index, const engine::Answer& answer) {
  if (answer.status() < 200) return;  // RFC 4320: nothing provisional goes back for what is no INVITE
  Relay::Branch& branch = relay->branches[index];
  // RFC 5626 §7: another flow of the same device.
  const bool flow_failed = answer.unreachable || answer.status() == 430;
  if (flow_failed && branch.flow + 1 < branch.flows.size()) {
    ++branch.flow;
    send_branch(relay, index);
  } else {
    branch.status = answer.status();
    if (answer.response) branch.response = sip::write_backward(*answer.response);
  }
  review(relay);
}

// After everything that happens to a relay: what is the sender told, and what is to be kept?
void Messaging::review(const RelayRef& relay) {
  answer_taken(relay);
  release_taken(relay);
  store_missing(relay);
  if (!relay->answered && !relay->committing && (relay->all_done() || relay->patience_over))
    answer_without_taker(relay);
  if (!relay->all_done()) return;
  relay->cancel();
  if (!relay->committing) under_way_.erase(relay->key);
}

void Messaging::answer_taken(const RelayRef& relay) {
  const Relay::Branch* taken = relay->taken();
  if (!taken || relay->answered) return;
  relay->answered = true;
  shard_.metrics().add(base::Metric::messages_relayed);
  shard_.reply_bytes(relay->request.transaction, taken->status, taken->response);
}

// A device that took the message after it had been kept for it need not get it again.
void Messaging::release_taken(const RelayRef& relay) {
  for (Relay::Branch& branch : relay->branches) {
    if (branch.kept_as.empty() || branch.status / 100 != 2) continue;
    const std::string id = std::exchange(branch.kept_as, "");
    const std::string aor = relay->receiver.text();
    if (const Waiting* waiting = find(aor))
      shard_.keeper().commit(had_it(*waiting, id, branch.device.str()),
                             [this, aor, id](const base::Result<>&) { drop_if_had(aor, id); });
  }
}

// When it is known whether somebody takes it: keeps the message for the devices that are away, for those
// that failed, and, when the sender has waited long enough, for those that have not answered.
void Messaging::store_missing(const RelayRef& relay) {
  const bool over = relay->all_done() || relay->patience_over;
  if (!relay->storable || relay->committing || relay->not_kept || !(over || relay->taken())) return;
  std::vector<std::string> devices;
  if (!relay->stored) devices = relay->absent;
  for (const Relay::Branch& branch : relay->branches) {
    const bool missed = branch.status == 0 ? relay->patience_over : may_succeed_later(branch.status);
    if (missed && branch.kept_as.empty()) devices.push_back(branch.device.str());
  }
  // As long as nobody has it, a device that was never seen before may have it too.
  const bool for_anybody = !relay->stored && !relay->taken() && (!devices.empty() || relay->branches.empty());
  if (for_anybody) devices.push_back(Waiting::anybody);
  if (!devices.empty()) save(relay, std::move(devices));
}

// A row of its own each time, as the devices of one that is there may be having it just now.
void Messaging::save(const RelayRef& relay, std::vector<std::string> devices) {
  if (waiting(relay->receiver.text()) >= static_cast<std::size_t>(shard_.limits().waiting_per_user)) {
    logger.warning("message_store_full", base::kv("aor", relay->receiver.text()));
    relay->not_kept = sip::Reply(480, "Temporarily Unavailable: too many messages wait");
    return;
  }
  model::StoredMessage message = stored_of(relay->request, relay->receiver, devices, shard_.limits());
  relay->committing = true;
  auto done = [this, relay, id = message.id, devices = std::move(devices)](const base::Result<>& kept) {
    relay->committing = false;
    if (kept)
      on_saved(*relay, id, devices);
    else
      relay->not_kept = engine::refusal(kept.error());
    review(relay);
  };
  shard_.keeper().commit({model::SaveMessage{std::move(message)}}, std::move(done));
}

void Messaging::on_saved(Relay& relay, const std::string& id, const std::vector<std::string>& devices) {
  shard_.metrics().add(base::Metric::messages_stored);
  relay.stored = true;
  for (Relay::Branch& branch : relay.branches)
    if (std::find(devices.begin(), devices.end(), branch.device) != devices.end()) branch.kept_as = id;
}

// RFC 3428 §7: 202 when it is kept to be delivered later; else the best answer of the devices.
void Messaging::answer_without_taker(const RelayRef& relay) {
  if (relay->stored) return answer(relay, sip::Reply(202));
  if (relay->not_kept) return answer(relay, *relay->not_kept);
  if (!relay->all_done()) return;  // not to be kept: the sender waits for the devices
  if (relay->branches.empty())
    if (auto refusal = check_required(*relay->request.message)) return answer(relay, *refusal);
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
