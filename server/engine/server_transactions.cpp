// SPDX-License-Identifier: Apache-2.0
// The server half of Transactions.
#include "transaction_records.hpp"

#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/name_addr.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::engine {

namespace {

constexpr int place_bits = 32;

// RFC 3261 §17.2.3: branch, sent-by and method; for a client of RFC 2543 the fields that it compares
// instead. `method` is INVITE for an ACK, and for the INVITE that a CANCEL means.
std::string server_key(const sip::Message& message, std::string_view method) {
  const auto& via = message.via();
  const auto branch = via ? via->branch() : std::string_view();
  std::string key;
  if (sip::Via::has_magic_cookie(branch)) {
    key.reserve(branch.size() + via->host.size() + method.size() + 8);
    key.append(branch).append("\n").append(via->host).append(":").append(std::to_string(via->port));
  } else {
    const auto& from = message.from();
    const auto& cseq = message.cseq();
    key.append(message.request_uri()).append("\n").append(message.first(sip::Header::call_id).value_or(""));
    key.append("\n").append(from ? from->tag() : "").append("\n");
    key.append(std::to_string(cseq ? cseq->number : 0)).append("\n");
    key.append(via ? via->text : std::string_view());
  }
  return key.append("\n").append(method);
}

// Is what it asks for on disk before it is answered? (A MESSAGE is relayed, and kept only for who is away.)
constexpr bool is_kept(sip::Method method) {
  return method == sip::Method::register_ || method == sip::Method::publish ||
         method == sip::Method::subscribe;
}

// RFC 3261 §8.2.6.1: as the answer of somebody on the way, without a To tag.
std::string write_trying(const std::string& head, const sip::Endpoint& source) {
  static const base::Limits generous{};
  const auto request = sip::Message::parse(head, generous);
  return request ? sip::write_reply(**request, sip::Reply(100), "", source) : "";
}

}  // namespace

void Transactions::Server::fire(base::Instant now) {
  owner.on_server_timer(*this, now);
}

void Transactions::on_request(std::unique_ptr<sip::Message> message, const sip::Flow& flow,
                              base::Instant now) {
  const bool is_ack = message->method() == sip::Method::ack;
  const bool full = is_full(*message);
  if (user_->is_stateless(*message)) {
    if (full) return refuse_for_overload(*message, flow);
    return user_->on_request({std::move(message), flow, {}, now, {}});
  }
  std::string key = server_key(*message, is_ack ? "INVITE" : message->method_name());
  if (Server* known = servers_.find(key)) return absorb(*known, std::move(message), flow, now);
  Request request{std::move(message), flow, {}, now, {}};
  if (is_ack) return user_->on_ack(std::move(request));
  // To give up what is under way is no new work, and makes room.
  const bool ends_work = request.message->method() == sip::Method::cancel &&
                         servers_.find(server_key(*request.message, "INVITE"));
  if (full && !ends_work) return refuse_for_overload(*request.message, flow);
  Server& server = add_server(std::move(key), *request.message, flow, now);
  request.transaction = {shard_, server.number};
  if (request.message->method() == sip::Method::cancel) return on_cancel_request(std::move(request), now);
  user_->on_request(std::move(request));
}

Transactions::Server& Transactions::add_server(std::string key, const sip::Message& message,
                                               const sip::Flow& flow, base::Instant now) {
  const auto kind = message.method() == sip::Method::invite ? sip::TransactionKind::invite
                                                            : sip::TransactionKind::non_invite;
  auto made = std::make_unique<Server>(*this, kind, flow, sip::way_back(message, flow), now);
  Server& server = *made;
  if (free_places_.empty()) {
    free_places_.push_back(static_cast<std::uint32_t>(places_.size()));
    places_.push_back(nullptr);
  }
  const std::uint32_t place = free_places_.back();
  free_places_.pop_back();
  places_[place] = &server;
  server.number = next_number_++ << place_bits | place;
  server.key = std::move(key);
  server.head = message.bytes().substr(0, message.bytes().size() - message.body().size());
  if (const auto deadline = server.machine.deadline()) wheel_.set(server, *deadline);
  servers_.insert(std::move(made));
  ++unanswered_;
  metrics_.set(base::Metric::server_transactions, static_cast<std::int64_t>(servers_.size()));
  return server;
}

Transactions::Server* Transactions::find_server(std::uint64_t number) const {
  const auto place = static_cast<std::size_t>(number & ((std::uint64_t{1} << place_bits) - 1));
  Server* server = place < places_.size() ? places_[place] : nullptr;
  return server && server->number == number ? server : nullptr;
}

// The request came again, or it is the ACK of an INVITE that we answered.
void Transactions::absorb(Server& server, std::unique_ptr<sip::Message> message, const sip::Flow& flow,
                          base::Instant now) {
  if (message->method() == sip::Method::ack) {
    const sip::Step step = server.machine.on_ack(now);
    if (step.deliver) user_->on_ack({std::move(message), flow, {}, now, {}});
    return perform(server, step);
  }
  metrics_.add(base::Metric::retransmissions);
  // Who has lost the connection and asks again on another one is answered there.
  if (!wire_.is_open(server.back.flow)) server.back = sip::way_back(*message, flow);
  perform(server, server.machine.on_request(now));
}

// RFC 3261 §9.2. The CANCEL has a transaction of its own and is answered at once.
void Transactions::on_cancel_request(Request cancel, base::Instant now) {
  Server* invite = servers_.find(server_key(*cancel.message, "INVITE"));
  const sip::Reply reply(invite ? 200 : 481);
  const std::uint64_t number = invite ? invite->number : 0;
  const bool open = invite && !invite->answered;
  if (open) invite->cancelled = true;
  answer(cancel.transaction.number, reply.status,
         sip::write_reply(*cancel.message, reply, base::random_hex(8), cancel.flow.remote), now);
  if (open) user_->on_cancel({shard_, number});
}

void Transactions::answer(std::uint64_t number, int status, std::string bytes, base::Instant now) {
  Server* found = find_server(number);
  if (!found) return;
  Server& server = *found;
  const sip::Step step = server.machine.on_reply(status, now);
  if (step.send) server.answer = std::move(bytes);
  if (status >= 200 && !server.answered) {
    server.answered = true;
    server.head = {};
    --unanswered_;
    finished_.push_back(number);
  }
  if (step.send) metrics_.add(response_metric(status));
  // Between shards a CANCEL may overtake its INVITE. With the 100 the INVITE has come to who passes it
  // on, and who did not know of it before is told now.
  const bool cancelled = status == 100 && server.cancelled && !server.answered;
  perform(server, step);
  make_room_among_finished();
  if (cancelled) user_->on_cancel({shard_, number});
}

// Finished ones only wait for repetitions. Under a load that brings more than fit, the oldest go
// first: their clients are the likeliest to have their answer.
void Transactions::make_room_among_finished() {
  while (!finished_.empty()) {
    if (Server* oldest = find_server(finished_.front())) {
      if (finished_.size() <= static_cast<std::size_t>(limits_.finished_transactions)) return;
      erase(*oldest);
    }
    finished_.pop_front();
  }
}

void Transactions::on_server_timer(Server& server, base::Instant now) {
  perform(server, server.machine.on_timer(now));
}

void Transactions::perform(Server& server, const sip::Step& step) {
  if (step.send_trying) server.answer = write_trying(server.head, server.source);
  if ((step.send || step.send_trying) && !server.answer.empty()) send_answer(server);
  if (step.ended) return erase(server);
  if (const auto deadline = server.machine.deadline())
    wheel_.set(server, *deadline);
  else
    server.cancel();
}

void Transactions::erase(Server& server) {
  if (!server.answered) --unanswered_;
  const auto place = static_cast<std::uint32_t>(server.number & ((std::uint64_t{1} << place_bits) - 1));
  places_[place] = nullptr;
  free_places_.push_back(place);
  servers_.erase(server.key);
  metrics_.set(base::Metric::server_transactions, static_cast<std::int64_t>(servers_.size()));
}

// RFC 3261 §18.2.2: when the connection is gone, by a new one to where the sender says that it listens.
void Transactions::send_answer(Server& server) {
  sip::Flow& flow = server.back.flow;
  if (!wire_.is_open(flow)) flow = {flow.transport, flow.local, server.back.reopened, 0, shard_};
  wire_.send(flow, server.answer, nullptr, 0);
}

// Whether there is no room for it, should it be new. OPTIONS costs no more to answer than to refuse.
bool Transactions::is_full(const sip::Message& message) const {
  if (refusing_ || unanswered_ >= static_cast<std::size_t>(limits_.server_transactions)) return true;
  const Intake intake = is_kept(message.method()) ? intake_for_disk_ : intake_;
  if (intake == Intake::everything || message.method() == sip::Method::options) return false;
  if (message.has_to_tag()) return false;
  return intake == Intake::nothing || !message.has_credentials();
}

void Transactions::refuse_for_overload(const sip::Message& message, const sip::Flow& flow) {
  const sip::Reply reply =
      sip::Reply(503, "Service Unavailable: too busy").with(sip::Header::retry_after, "5");
  answer_stateless(message, flow, reply);
}

void Transactions::answer_stateless(const sip::Message& message, const sip::Flow& flow,
                                    const sip::Reply& reply) {
  metrics_.add(response_metric(reply.status));
  wire_.send(sip::way_back(message, flow).flow, sip::write_stateless_reply(message, reply, flow.remote),
             nullptr, 0);
}

}  // namespace rollcall::engine
