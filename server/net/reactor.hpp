// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connection_count.hpp"
#include "connections.hpp"
#include "datagram_batch.hpp"
#include "descriptor.hpp"
#include "loop.hpp"
#include "recent_sends.hpp"
#include "udp_socket.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/engine/mailbox.hpp>
#include <rollcall/engine/wire.hpp>

namespace rollcall::net {

class Reactor;

/// What the reactors of a network have in common. Outlives them; only `count` changes once the
/// threads run.
struct Peers {
  explicit Peers(const base::Limits& limits, std::span<const std::unique_ptr<engine::Mailbox>> mailboxes)
      : limits(limits), mailboxes(mailboxes), count(limits) {}

  const base::Limits& limits;
  std::span<const std::unique_ptr<engine::Mailbox>> mailboxes;  // one a reactor
  std::vector<Listen> listens;
  ConnectionCount count;
  std::vector<std::unique_ptr<Reactor>> reactors;
};

/// The loop of one shard: its sockets, its connections, and the turns that drive its receiver. All
/// on the reactor's thread, but what says otherwise.
class Reactor final : public engine::Wire {
 public:
  Reactor(std::uint16_t shard, Peers& peers, base::MetricCells& metrics);

  // ---- before run() ----
  void add_udp(Descriptor socket);
  void add_listener(Descriptor socket);
  void set_receiver(Receiver& receiver) { loop_.receiver = &receiver; }

  /// Turns until finish() has been called and what was sent has left, then closes every socket.
  void run();

  /// Any thread: makes the loop turn.
  void wake() const;

  // ---- posted to the reactor's mailbox ----
  void stop_accepting();
  void finish(base::Instant deadline) { finish_by_ = deadline; }

  // ---- Wire ----
  void send(const sip::Flow& flow, std::string_view head, const engine::SharedBody& body,
            std::uint64_t token) override;
  [[nodiscard]] bool is_open(const sip::Flow& flow) const override;

 private:
  void turn();
  [[nodiscard]] std::optional<base::Duration> patience() const;
  void dispatch(const Poller::Event& event);
  void on_datagrams(UdpSocket& socket, std::uint32_t what);
  void accept_from(const Descriptor& listener);
  void drop_one(const Descriptor& listener);
  void hand_over(const sip::Flow& flow, std::string_view head, const engine::SharedBody& body, Token token);
  UdpSocket* socket_for(const sip::Flow& flow);
  void report();
  void tell_failed(Token token);
  void announce_unreachable(const sip::Endpoint& remote);
  void on_unreachable(const sip::Endpoint& remote);
  void flush();
  [[nodiscard]] bool has_unsent() const;
  [[nodiscard]] bool is_finished() const;

  Peers& peers_;
  Loop loop_;
  Descriptor wake_;
  base::Instant warned_{};
  Descriptor spare_;  // given up for a moment when the process has no descriptor left
  DatagramBatch batch_;
  RecentSends recent_;
  std::vector<UdpSocket> udp_;
  std::vector<Descriptor> listeners_;
  Connections connections_;
  std::optional<base::Instant> finish_by_;
};

}  // namespace rollcall::net
