// SPDX-License-Identifier: Apache-2.0
// One thread's share of the server.
#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/metrics.hpp>
#include <rollcall/base/task.hpp>
#include <rollcall/engine/gate.hpp>
#include <rollcall/engine/keeper.hpp>
#include <rollcall/engine/mailbox.hpp>
#include <rollcall/engine/outcome.hpp>
#include <rollcall/engine/request.hpp>
#include <rollcall/engine/transactions.hpp>
#include <rollcall/engine/wheel.hpp>
#include <rollcall/engine/wire.hpp>

namespace rollcall::engine {

/// What is the same for all shards of a run.
struct Run {
  std::uint64_t number = 1;     // counts the starts of the server, kept in the database
  std::string secret;           // signs nonces and flow tokens, kept in the database
  std::string advertised_host;  // "" : the address that a message came in on
};

/// A shard owns the users whose AOR hashes to it, and the transactions and connections that arrived
/// at it. It does no I/O: net drives it (on_message, run_mailbox, advance) from its epoll loop, and
/// sends for it through Wire. Everything here belongs to the shard's thread, but what says "any
/// thread".
class Shard {
 public:
  Shard(std::uint16_t index, std::span<const std::unique_ptr<Mailbox>> mailboxes, const Run& run,
        const base::Limits& limits, Wire& wire, Journal& journal, base::MetricCells& metrics,
        base::Instant now);

  /// All shards in the order of their index, this one among them. Once, before anything runs.
  void set_peers(std::vector<Shard*> peers) { peers_ = std::move(peers); }

  // ---- for features ----
  [[nodiscard]] std::uint16_t index() const { return index_; }
  [[nodiscard]] const Run& run() const { return run_; }
  [[nodiscard]] const base::Limits& limits() const { return limits_; }
  /// The time of this turn of the loop.
  [[nodiscard]] base::Instant now() const { return now_; }
  Wheel& wheel() { return wheel_; }
  Gate& gate() { return gate_; }
  Keeper& keeper() { return keeper_; }
  Transactions& transactions() { return transactions_; }
  Wire& wire() { return wire_; }
  base::MetricCells& metrics() { return metrics_; }

  /// Which shard owns a user. Any thread.
  [[nodiscard]] std::uint16_t owner_of(const sip::Aor& aor) const { return owner_of(aor.text()); }
  [[nodiscard]] std::uint16_t owner_of(std::string_view aor) const;
  [[nodiscard]] std::size_t shard_count() const { return mailboxes_.size(); }

  /// Runs a task on the thread of that shard: later on another one, at once on this one.
  void run_on(std::uint16_t shard, base::Task task);

  /// Posts a task to this shard. Any thread.
  void post(base::Task task) { mailboxes_[index_]->post(std::move(task)); }

  /// Answers a request, wherever it arrived. The To tag is made where the request has none.
  void reply(const Request& request, const sip::Reply& reply);
  void reply(const Request& request, const sip::Reply& reply, std::string_view to_tag);
  /// Sends the bytes of an answer that somebody else wrote (a proxied response).
  void reply_bytes(const TransactionId& transaction, int status, std::string bytes);

  /// Commits the outcome's changes and then answers; 503 with Retry-After when they cannot be kept.
  /// `after` runs when it is decided, with whether they were kept.
  void carry_out(Request request, Outcome outcome, base::MoveFunction<void(bool kept)> after = {});

  /// Decides about a request when nothing else under this key is on its way to the database, carries
  /// the outcome out and lets the next one go. 503 when too many wait.
  using Decide = base::MoveFunction<Outcome(const Request&)>;
  void take_turn(const std::string& key, Request request, Decide decide);

  /// A tag or Call-ID of ours: unguessable, and the shard's number in front so that what comes back
  /// with it finds its owner.
  [[nodiscard]] std::string new_tag() const;
  /// The shard in a tag that new_tag() made; nullopt for any other text.
  [[nodiscard]] static std::optional<std::uint16_t> shard_of_tag(std::string_view tag);

  // ---- for net ----
  /// Takes the time of this turn. Called first in each.
  void set_now(base::Instant now);
  /// The datagrams that come next have waited this long in their socket, with many more behind them.
  void on_waited(base::Duration waited);
  /// Datagrams were lost, as their socket was full.
  void on_overflow() { pressure_.on_overflow(now_); }
  /// A datagram or frame. Never throws.
  void on_message(std::string bytes, const sip::Flow& flow);
  void on_send_failed(std::uint64_t token) { transactions_.on_send_failed(token, now_); }
  std::size_t run_mailbox() { return mailboxes_[index_]->run(); }
  void advance() { wheel_.advance(now_); }
  [[nodiscard]] std::optional<base::Instant> next_deadline() const { return wheel_.next_deadline(); }

  /// From now on new requests are refused with 503, those under way go on (a clean stop).
  void stop_taking_work() { transactions_.refuse_new_requests(); }
  /// Nothing is waiting for the database or for an answer of ours.
  [[nodiscard]] bool is_idle() const { return keeper_.pending() == 0 && transactions_.unanswered() == 0; }

 private:
  void on_request(std::unique_ptr<sip::Message> message, const sip::Flow& flow);
  void on_response(std::unique_ptr<sip::Message> message);
  void note_commit(base::Duration took);
  void look_at_pressure();
  [[nodiscard]] base::Duration longest_wait() const;
  void refuse(const sip::Message& message, const sip::Flow& flow, const sip::Message::Defect& defect);

  std::uint16_t index_;
  std::vector<Shard*> peers_;
  std::span<const std::unique_ptr<Mailbox>> mailboxes_;
  const Run& run_;
  const base::Limits& limits_;
  Wire& wire_;
  base::MetricCells& metrics_;
  base::Instant now_;
  Wheel wheel_;
  Gate gate_;
  Keeper keeper_;
  Transactions transactions_;
  Pressure pressure_;
};

/// Asks a shard something from another thread and waits for the answer (an administrator's
/// request). `ask` gets a function to call once with the answer. nullopt: no answer in time.
template <class T>
std::optional<T> ask(Shard& shard, base::Duration patience,
                     base::MoveFunction<void(base::MoveFunction<void(T)>)> question) {
  // Shared: the one who waits may give up before the one who answers.
  auto promise = std::make_shared<std::promise<T>>();
  auto answer = promise->get_future();
  shard.post([promise, question = std::move(question)]() mutable {
    question([promise](T value) { promise->set_value(std::move(value)); });
  });
  if (answer.wait_for(patience) != std::future_status::ready) return std::nullopt;
  return answer.get();
}

}  // namespace rollcall::engine
