// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include <rollcall/base/ids.hpp>
#include <rollcall/base/log.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/sip/headers/name_addr.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/way_back.hpp>

#include <fmt/format.h>

namespace rollcall::engine {

namespace {

constexpr base::Log logger{"engine"};

base::Metric request_metric(sip::Method method) {
  switch (method) {
    case sip::Method::register_:
      return base::Metric::requests_register;
    case sip::Method::publish:
      return base::Metric::requests_publish;
    case sip::Method::subscribe:
      return base::Metric::requests_subscribe;
    case sip::Method::message:
      return base::Metric::requests_message;
    case sip::Method::options:
      return base::Metric::requests_options;
    default:
      return base::Metric::requests_other;
  }
}

}  // namespace

Shard::Shard(std::uint16_t index, std::span<const std::unique_ptr<Mailbox>> mailboxes, const Run& run,
             const base::Limits& limits, Wire& wire, Journal& journal, base::MetricCells& metrics,
             base::Instant now)
    : index_(index),
      mailboxes_(mailboxes),
      run_(run),
      limits_(limits),
      wire_(wire),
      metrics_(metrics),
      now_(now),
      wheel_(now),
      gate_(static_cast<std::size_t>(limits.queued_per_key)),
      keeper_(journal, limits),
      transactions_(index, limits, wheel_, wire, metrics) {
  transactions_.set_advertised_host(run.advertised_host);
}

void Shard::set_now(base::Instant now) {
  now_ = now;
  look_at_pressure();
}

void Shard::on_waited(base::Duration waited) {
  pressure_.on_read(waited, longest_wait(), now_);
  look_at_pressure();
}

// One commit that took long, with few behind it, is the disk's business and no crowd.
void Shard::note_commit(base::Duration took) {
  constexpr std::size_t crowd = 64;
  pressure_.on_commit(keeper_.pending() >= crowd ? took : base::Duration{}, longest_wait(), now_);
}

void Shard::look_at_pressure() {
  const base::Duration most = longest_wait();
  transactions_.take(pressure_.intake(most, now_), pressure_.intake_for_disk(most, now_));
}

base::Duration Shard::longest_wait() const {
  return std::chrono::milliseconds(limits_.busy_milliseconds);
}

std::uint16_t Shard::owner_of(std::string_view aor) const {
  return static_cast<std::uint16_t>(sip::AorHash{}(aor) % mailboxes_.size());
}

void Shard::run_on(std::uint16_t shard, base::Task task) {
  if (shard == index_)
    task();
  else
    mailboxes_[shard]->post(std::move(task));
}

void Shard::reply(const Request& request, const sip::Reply& reply) {
  this->reply(request, reply, new_tag());
}

void Shard::reply(const Request& request, const sip::Reply& reply, std::string_view to_tag) {
  if (request.message->method() == sip::Method::ack) return;
  if (request.transaction.number == 0)
    return transactions_.answer_stateless(*request.message, request.flow, reply);
  reply_bytes(request.transaction, reply.status,
              sip::write_reply(*request.message, reply, to_tag, request.flow.remote));
}

void Shard::reply_bytes(const TransactionId& transaction, int status, std::string bytes) {
  if (transaction.shard == index_)
    return transactions_.answer(transaction.number, status, std::move(bytes), now_);
  // The other shard's Transactions object is reached through its own mailbox only.
  mailboxes_[transaction.shard]->post([&peer = *peers_[transaction.shard], number = transaction.number,
                                       status, bytes = std::move(bytes)]() mutable {
    peer.transactions_.answer(number, status, std::move(bytes), peer.now_);
  });
}

void Shard::carry_out(Request request, Outcome outcome, base::MoveFunction<void(bool kept)> after) {
  keeper_.commit(std::move(outcome.changes),
                 [this, request = std::move(request), reply = std::move(outcome.reply),
                  tag = outcome.to_tag.empty() ? new_tag() : std::move(outcome.to_tag),
                  after = std::move(after), decided = now_](const base::Result<>& kept) mutable {
                   if (kept && now_ != decided) note_commit(now_ - decided);
                   this->reply(request, kept ? reply : refusal(kept.error()), tag);
                   if (after) after(kept.ok());
                 });
}

void Shard::take_turn(const std::string& key, Request request, Decide decide) {
  if (gate_.is_full(key))
    return reply(request, refusal({base::ErrorCode::overloaded, "too many requests of one user wait"}));
  gate_.enter(key, [this, key, request = std::move(request), decide = std::move(decide)]() mutable {
    Outcome outcome = decide(request);
    carry_out(std::move(request), std::move(outcome), [this, key](bool) { gate_.leave(key); });
  });
}

std::string Shard::new_tag() const {
  return fmt::format("{:x}-{:016x}", index_, base::random_bits());
}

std::optional<std::uint16_t> Shard::shard_of_tag(std::string_view tag) {
  std::uint16_t shard = 0;
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), shard, 16);
  if (error != std::errc() || end == tag.data() + tag.size() || *end != '-' ||
      tag.data() + tag.size() - end != 17)
    return std::nullopt;
  return shard;
}

void Shard::on_message(std::string bytes, const sip::Flow& flow) {
  auto parsed = sip::Message::parse(std::move(bytes), limits_);
  if (!parsed) {
    metrics_.add(base::Metric::malformed);
    logger.debug("not_sip", base::kv("flow", flow.to_string()), base::kv("why", parsed.error().detail));
    return;
  }
  if ((*parsed)->is_request())
    on_request(std::move(*parsed), flow);
  else
    on_response(std::move(*parsed));
}

void Shard::on_request(std::unique_ptr<sip::Message> message, const sip::Flow& flow) {
  if (message->defect()) return refuse(*message, flow, *message->defect());
  if (const auto defect = sip::check_request(*message)) return refuse(*message, flow, *defect);
  metrics_.add(request_metric(message->method()));
  transactions_.on_request(std::move(message), flow, now_);
}

// Without a transaction (RFC 3261 §8.2.7), so that rubbish costs no memory.
void Shard::refuse(const sip::Message& message, const sip::Flow& flow, const sip::Message::Defect& defect) {
  metrics_.add(base::Metric::malformed);
  logger.debug("refused", base::kv("flow", flow.to_string()), base::kv("status", defect.status),
               base::kv("why", defect.reason));
  if (message.method() == sip::Method::ack || !message.has(sip::Header::via)) return;
  transactions_.answer_stateless(message, flow, sip::Reply(defect.status, defect.reason));
}

void Shard::on_response(std::unique_ptr<sip::Message> message) {
  if (message->defect() || !message->via() || sip::check_response(*message)) {
    metrics_.add(base::Metric::malformed);
    return;
  }
  const auto shard = Transactions::shard_of_branch(message->via()->branch());
  if (!shard || *shard >= mailboxes_.size()) return;
  if (*shard == index_) return transactions_.on_response(std::move(message), now_);
  mailboxes_[*shard]->post([&peer = *peers_[*shard], message = std::move(message)]() mutable {
    peer.transactions_.on_response(std::move(message), peer.now_);
  });
}

}  // namespace rollcall::engine
