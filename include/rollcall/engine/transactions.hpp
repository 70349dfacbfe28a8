// SPDX-License-Identifier: Apache-2.0
// The transactions of one shard: matching, kept bytes and timers around the state machines of sip/.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/base/limits.hpp>
#include <rollcall/base/metrics.hpp>
#include <rollcall/base/table.hpp>
#include <rollcall/base/task.hpp>
#include <rollcall/engine/pressure.hpp>
#include <rollcall/engine/request.hpp>
#include <rollcall/engine/wheel.hpp>
#include <rollcall/engine/wire.hpp>
#include <rollcall/sip/transaction.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::engine {

/// Who gets what the transactions let through; routing implements it. On the shard's thread.
class TransactionUser {
 public:
  virtual ~TransactionUser() = default;
  /// Whether this new request may be answered without memory of it (RFC 3261 §8.2.7): at once, on this
  /// thread, with nothing done that must not be done again when it is repeated.
  [[nodiscard]] virtual bool is_stateless(const sip::Message& /*request*/) const { return false; }
  /// A new request; for everything but ACK it must be answered once.
  virtual void on_request(Request request) = 0;
  /// An ACK that belongs to no transaction of ours: for a 2xx, end to end (RFC 3261 §13.2.2.4).
  virtual void on_ack(Request ack) = 0;
  /// The INVITE of this transaction is to be given up (RFC 3261 §9.2). The CANCEL is answered already.
  /// Said again when the INVITE gets a 100 after that, as only then somebody may hold it.
  virtual void on_cancel(TransactionId invite) = 0;
};

/// Where a request is sent.
struct Destination {
  sip::Flow flow;
  /// Where the peer listens on TCP: for a request that is too large for UDP (RFC 3261 §18.1.1), or
  /// when its connection has closed.
  std::optional<sip::Endpoint> tcp;
};

/// What came of a client transaction: a response, or that none will come.
struct Answer {
  const sip::Message* response = nullptr;  // lives during the call
  bool timed_out = false;                  // no answer came, or the request could not be sent
  bool unreachable = false;                // with timed_out: it could not be sent

  /// The final status; 408 for no answer (RFC 3261 §8.1.3.1).
  [[nodiscard]] int status() const { return response ? response->status() : 408; }
};

/// Lives on one shard's thread.
class Transactions {
 public:
  /// `shard` goes into the branches that we make. References outlive this.
  Transactions(std::uint16_t shard, const base::Limits& limits, Wheel& wheel, Wire& wire,
               base::MetricCells& metrics);
  ~Transactions();

  void set_user(TransactionUser& user) { user_ = &user; }
  /// How our own Via names us on this flow: "192.0.2.9:5060". Default: the flow's local address.
  void set_advertised_host(std::string host) { advertised_host_ = std::move(host); }
  [[nodiscard]] std::string sent_by(const sip::Flow& flow) const;

  // ---- server side ----

  /// A request from the wire, without defect: absorbed as a retransmission, or given to the user.
  void on_request(std::unique_ptr<sip::Message> message, const sip::Flow& flow, base::Instant now);
  /// Answers a request that arrived at this shard. Too late or repeated answers are dropped
  /// (RFC 3261 §17.2), but a 2xx to INVITE passes as often as it comes (RFC 6026 §7.1).
  void answer(std::uint64_t number, int status, std::string bytes, base::Instant now);

  /// Answers a request without memory of it (RFC 3261 §8.2.7).
  void answer_stateless(const sip::Message& message, const sip::Flow& flow, const sip::Reply& reply);

  // ---- client side ----

  using OnAnswer = base::MoveFunction<void(const Answer&)>;

  /// Sends a request and calls `on_answer` for each answer that the state machine lets through
  /// (provisional ones too) and for a timeout, until the final one. Returns a number for cancel(), 0
  /// when the limit of transactions is reached (nothing was sent, on_answer is not called).
  /// `branch_suffix` is put at the end of the branch (a proxy's loop mark).
  std::uint64_t send(sip::Method method, const Destination& to, sip::Unsent head, SharedBody body,
                     OnAnswer on_answer, base::Instant now, std::string_view branch_suffix = {});
  /// Sends without a transaction: an ACK for a 2xx.
  void send_once(const Destination& to, sip::Unsent head, const SharedBody& body);
  /// CANCEL for an INVITE that has no final answer yet; sent when a provisional one has come
  /// (RFC 3261 §9.1). on_answer stays in force for the INVITE's final answer.
  void cancel(std::uint64_t number, base::Instant now);
  /// Forgets the caller: on_answer is not called any more; the transaction itself goes on.
  void disown(std::uint64_t number);

  /// A response from the wire that this shard's branch made. Stray ones are dropped.
  void on_response(std::unique_ptr<sip::Message> message, base::Instant now);
  /// The shard in the branch of our own Via; nullopt when the branch is not one of ours.
  static std::optional<std::uint16_t> shard_of_branch(std::string_view branch);

  /// From now on new requests are refused with 503; what is under way goes on.
  void refuse_new_requests() { refusing_ = true; }
  /// What is taken until it is said otherwise, of requests that are answered from memory and of those
  /// that are on disk first; the rest is refused with 503.
  void take(Intake intake, Intake for_disk) {
    intake_ = intake;
    intake_for_disk_ = for_disk;
  }

  /// From Wire: this send failed.
  void on_send_failed(std::uint64_t token, base::Instant now);

  [[nodiscard]] std::size_t server_count() const { return servers_.size(); }
  [[nodiscard]] std::size_t client_count() const { return clients_.size(); }
  /// Server transactions that still wait for their final answer.
  [[nodiscard]] std::size_t unanswered() const { return unanswered_; }

 private:
  struct Server;
  struct Client;
  struct ByKey {
    std::string_view operator()(const Server& server) const;
  };

  void absorb(Server& server, std::unique_ptr<sip::Message> message, const sip::Flow& flow,
              base::Instant now);
  void on_cancel_request(Request cancel, base::Instant now);
  void on_server_timer(Server& server, base::Instant now);
  void perform(Server& server, const sip::Step& step);
  void send_answer(Server& server);
  void erase(Server& server);
  void make_room_among_finished();
  [[nodiscard]] bool is_full(const sip::Message& message) const;
  void refuse_for_overload(const sip::Message& message, const sip::Flow& flow);
  Server& add_server(std::string key, const sip::Message& message, const sip::Flow& flow, base::Instant now);
  [[nodiscard]] Server* find_server(std::uint64_t number) const;

  void start(Client& client, base::Instant now);
  void write_via(Client& client) const;
  void switch_to_tcp_for_size(Client& client);
  void fall_back_to_udp(Client& client, base::Instant now);
  void connect_anew(Client& client, base::Instant now);
  void send_cancel(Client& invite, base::Instant now);
  void on_client_timer(Client& client, base::Instant now);
  void perform(Client& client, const sip::Step& step, const Answer& answer, base::Instant now);
  void follow_response(Client& client, const sip::Step& step, const sip::Message& response,
                       base::Instant now);

  std::uint16_t shard_;
  const base::Limits& limits_;
  Wheel& wheel_;
  Wire& wire_;
  base::MetricCells& metrics_;
  TransactionUser* user_ = nullptr;
  std::string advertised_host_;
  mutable sip::Endpoint named_;  // whose text is name_
  mutable std::string name_;
  std::uint64_t next_number_ = 1;
  std::size_t unanswered_ = 0;
  std::deque<std::uint64_t> finished_;  // answered, in the order of their answers; some are gone already
  bool refusing_ = false;
  Intake intake_ = Intake::everything, intake_for_disk_ = Intake::everything;
  base::Table<std::unique_ptr<Server>, ByKey, base::KeyedHash> servers_;
  std::vector<Server*> places_;  // where a number leads: see Server::number
  std::vector<std::uint32_t> free_places_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Client>> clients_;
};

}  // namespace rollcall::engine
