// SPDX-License-Identifier: Apache-2.0
// The client half of Transactions.
#include "transaction_records.hpp"

#include <charconv>

#include <rollcall/base/limits.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/writer.hpp>

#include <fmt/format.h>

namespace rollcall::engine {

namespace {

// Our branches read z9hG4bK<shard>-<number>-<random><suffix>, all in hexadecimal.
constexpr std::string_view cookie = "z9hG4bK";

std::optional<std::uint64_t> read_hex(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end == text.data() + text.size() || *end != '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return value;
}

struct BranchParts {
  std::uint64_t shard, number;
};
std::optional<BranchParts> read_branch(std::string_view branch) {
  if (!branch.starts_with(cookie)) return std::nullopt;
  branch.remove_prefix(cookie.size());
  const auto shard = read_hex(branch);
  const auto number = shard ? read_hex(branch) : std::nullopt;
  if (!number || *shard > 0xffff) return std::nullopt;
  return BranchParts{*shard, *number};
}

std::string via_value(const sip::Flow& flow, std::string_view sent_by, std::string_view branch) {
  std::string value;
  value.reserve(sent_by.size() + branch.size() + 32);
  value.append("SIP/2.0/").append(sip::to_string(flow.transport)).append(" ").append(sent_by);
  return value.append(";branch=").append(branch).append(";rport");
}

void append_hex(std::string& text, std::uint64_t number) {
  char digits[16];
  text.append(digits, std::to_chars(std::begin(digits), std::end(digits), number, 16).ptr);
}

std::string write_branch(std::uint16_t shard, std::uint64_t number, std::string_view suffix = {}) {
  std::string branch(cookie);
  append_hex(branch, shard);
  append_hex(branch += '-', number);
  append_hex(branch += '-', base::random_bits());
  return branch.append(suffix);
}

std::unique_ptr<sip::Message> parse_own(const std::string& head) {
  static const base::Limits generous{};
  auto parsed = sip::Message::parse(head, generous);
  return parsed ? std::move(*parsed) : nullptr;
}

}  // namespace

void Transactions::Client::fire(base::Instant now) {
  owner.on_client_timer(*this, now);
}

std::optional<std::uint16_t> Transactions::shard_of_branch(std::string_view branch) {
  const auto parts = read_branch(branch);
  return parts ? std::optional(static_cast<std::uint16_t>(parts->shard)) : std::nullopt;
}

std::string Transactions::sent_by(const sip::Flow& flow) const {
  if (!advertised_host_.empty()) return fmt::format("{}:{}", advertised_host_, flow.local.port());
  // Nearly always the same as the last time.
  if (name_.empty() || flow.local != named_) {
    named_ = flow.local;
    name_ = flow.local.to_string();
  }
  return name_;
}

std::uint64_t Transactions::send(sip::Method method, const Destination& to, sip::Unsent head, SharedBody body,
                                 OnAnswer on_answer, base::Instant now, std::string_view branch_suffix) {
  if (clients_.size() >= static_cast<std::size_t>(limits_.client_transactions)) return 0;
  auto made = std::make_unique<Client>(*this, method, to);
  Client& client = *made;
  const std::uint64_t number = next_number_++;
  client.key = client_key(number, false);
  client.branch = write_branch(shard_, number, branch_suffix);
  client.body = std::move(body);
  client.on_answer = std::move(on_answer);
  client.head = std::move(head.bytes);
  client.via_at = head.via_at;
  write_via(client);
  switch_to_tcp_for_size(client);
  clients_.emplace(client.key, std::move(made));
  metrics_.set(base::Metric::client_transactions, static_cast<std::int64_t>(clients_.size()));
  start(client, now);
  return number;
}

// As the flow asks for. A CANCEL has the Via of its INVITE, wherever it goes.
void Transactions::write_via(Client& client) const {
  if (client.via_at == 0) return;
  const std::string value = via_value(client.flow, sent_by(client.flow), client.branch);
  client.head.replace(client.via_at, client.via_size, value);
  client.via_size = value.size();
}

// RFC 3261 §18.1.1: a request near the size of a packet goes by a transport that controls congestion.
void Transactions::switch_to_tcp_for_size(Client& client) {
  const std::size_t size = client.head.size() + (client.body ? client.body->size() : 0);
  if (client.flow.transport != sip::Transport::udp || !client.to.tcp ||
      size <= static_cast<std::size_t>(limits_.udp_request_bytes))
    return;
  client.flow = {sip::Transport::tcp, client.to.flow.local, *client.to.tcp, 0, shard_};
  client.by_tcp_for_size = true;
  write_via(client);
}

void Transactions::start(Client& client, base::Instant now) {
  const auto kind =
      client.method == sip::Method::invite ? sip::TransactionKind::invite : sip::TransactionKind::non_invite;
  client.machine.emplace(kind, sip::is_stream(client.flow.transport), now);
  if (const auto deadline = client.machine->deadline()) wheel_.set(client, *deadline);
  wire_.send(client.flow, client.head, client.body, client.key);
}

void Transactions::send_once(const Destination& to, sip::Unsent head, const SharedBody& body) {
  const std::string branch = write_branch(shard_, next_number_++);
  wire_.send(to.flow, std::move(head).with_via(via_value(to.flow, sent_by(to.flow), branch)), body, 0);
}

void Transactions::cancel(std::uint64_t number, base::Instant now) {
  const auto found = clients_.find(client_key(number, false));
  if (found == clients_.end()) return;
  Client& invite = *found->second;
  invite.cancel_wanted = true;
  // RFC 3261 §9.1: not before a provisional answer, not after a final one.
  if (invite.machine->state() == sip::ClientTransaction::State::proceeding) send_cancel(invite, now);
}

void Transactions::send_cancel(Client& invite, base::Instant now) {
  const std::uint64_t key = invite.key | 1;
  const auto sent = parse_own(invite.head);
  if (!sent || invite.cancelled) return;
  auto made = std::make_unique<Client>(*this, sip::Method::cancel, invite.to);
  Client& client = *made;
  client.key = key;
  client.branch = invite.branch;
  client.flow = invite.flow;
  client.head = sip::write_cancel(*sent);
  clients_.emplace(key, std::move(made));
  invite.cancelled = true;
  invite.machine->on_cancelled(now);
  if (const auto deadline = invite.machine->deadline()) wheel_.set(invite, *deadline);
  start(client, now);
}

void Transactions::disown(std::uint64_t number) {
  const auto found = clients_.find(client_key(number, false));
  if (found == clients_.end()) return;
  found->second->disowned = true;
  found->second->on_answer = {};
}

// RFC 3261 §17.1.3: the branch of the topmost Via, and the method in CSeq.
void Transactions::on_response(std::unique_ptr<sip::Message> message, base::Instant now) {
  const auto& via = message->via();
  const auto& cseq = message->cseq();
  if (!via || !cseq) return;
  const auto parts = read_branch(via->branch());
  if (!parts) return;
  const auto found = clients_.find(client_key(parts->number, cseq->method == "CANCEL"));
  if (found == clients_.end() || found->second->branch != via->branch()) return;
  Client& client = *found->second;
  if (sip::method_of(cseq->method) != client.method) return;
  perform(client, client.machine->on_response(message->status(), now), {.response = message.get()}, now);
}

void Transactions::on_client_timer(Client& client, base::Instant now) {
  perform(client, client.machine->on_timer(now), {.timed_out = true}, now);
}

void Transactions::on_send_failed(std::uint64_t token, base::Instant now) {
  const auto found = clients_.find(token);
  if (found == clients_.end()) return;
  Client& client = *found->second;
  if (client.by_tcp_for_size) return fall_back_to_udp(client, now);
  if (client.flow.transport == sip::Transport::tcp && client.to.tcp && client.flow.remote != *client.to.tcp)
    return connect_anew(client, now);
  perform(client, client.machine->on_transport_error(now), {.timed_out = true, .unreachable = true}, now);
}

// RFC 3261 §18.1.1: who does not listen on TCP gets the large request by UDP all the same.
void Transactions::fall_back_to_udp(Client& client, base::Instant now) {
  client.by_tcp_for_size = false;
  client.flow = client.to.flow;
  write_via(client);
  start(client, now);
}

// RFC 3261 §18: the connection that a peer was known by has closed, but it listens for another one.
void Transactions::connect_anew(Client& client, base::Instant now) {
  client.flow = {sip::Transport::tcp, client.to.flow.local, *client.to.tcp, 0, shard_};
  write_via(client);
  start(client, now);
}

void Transactions::perform(Client& client, const sip::Step& step, const Answer& answer, base::Instant now) {
  const std::uint64_t key = client.key;
  if (step.send) wire_.send(client.flow, client.head, client.body, client.key);
  if (answer.response) follow_response(client, step, *answer.response, now);
  const auto deadline = client.machine->deadline();
  if (deadline && !step.ended)
    wheel_.set(client, *deadline);
  else
    client.cancel();
  // The callee may send, cancel or disown: what is called is taken out of the record before.
  OnAnswer on_answer;
  if (step.deliver || step.timed_out) on_answer = std::move(client.on_answer);
  const bool more_may_come = client.method == sip::Method::invite || answer.status() < 200;
  // RFC 3261 §17.1.2.2 keeps a finished one to absorb its answer when that comes again. A stray answer
  // is dropped all the same, so it need not be kept; only an INVITE acknowledges each.
  const bool is_answered = answer.response && answer.response->status() >= 200;
  if (step.ended || (is_answered && client.method != sip::Method::invite)) clients_.erase(key);
  metrics_.set(base::Metric::client_transactions, static_cast<std::int64_t>(clients_.size()));
  if (!on_answer) return;
  on_answer(answer);
  // A provisional answer is followed by others, and a 2xx to INVITE may be (RFC 6026 §7.2).
  const auto still = clients_.find(key);
  if (still != clients_.end() && more_may_come && !still->second->disowned)
    still->second->on_answer = std::move(on_answer);
}

void Transactions::follow_response(Client& client, const sip::Step& step, const sip::Message& response,
                                   base::Instant now) {
  if (step.send_ack)
    if (const auto sent = parse_own(client.head))
      wire_.send(client.flow, sip::write_ack(*sent, response), nullptr, 0);
  if (response.status() < 200 && client.cancel_wanted) send_cancel(client, now);
}

}  // namespace rollcall::engine
