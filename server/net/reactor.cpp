// SPDX-License-Identifier: Apache-2.0
#include "reactor.hpp"

#include "socket.hpp"

#include <algorithm>
#include <cerrno>

#include <rollcall/base/log.hpp>

#include <fcntl.h>
#include <sys/eventfd.h>

namespace rollcall::net {

namespace {

constexpr base::Log logger{"net"};
// How many connections are accepted in a row, so that a flood of them does not stop the rest.
constexpr int most_accepts = 64;
constexpr auto warning_interval = std::chrono::minutes(1);

Descriptor open_spare() {
  return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

/// How well a socket suits a flow; 0: not at all.
int suits(const sip::Endpoint& bound, const sip::Flow& flow) {
  if (bound.is_v4() != flow.remote.is_v4()) return 0;
  if (bound == flow.local) return 4;
  if (bound.is_unspecified()) return bound.port() == flow.local.port() ? 3 : 2;
  // A socket on the loopback reaches nothing else, and the other way round.
  return bound.is_loopback() == flow.remote.is_loopback() ? 2 : 1;
}

}  // namespace

Reactor::Reactor(std::uint16_t shard, Peers& peers, base::MetricCells& metrics)
    : peers_(peers),
      loop_(shard, peers.limits, peers.listens, metrics),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      spare_(open_spare()),
      connections_(loop_, peers.count) {
  loop_.poller.add(wake_.get(), {Watch::Kind::wake, 0}, EPOLLIN);
}

void Reactor::add_udp(Descriptor socket) {
  udp_.emplace_back(loop_, recent_, udp_.size(), std::move(socket));
}

void Reactor::add_listener(Descriptor socket) {
  loop_.poller.add(socket.get(), {Watch::Kind::listener, listeners_.size()}, EPOLLIN);
  listeners_.push_back(std::move(socket));
}

void Reactor::stop_accepting() {
  listeners_.clear();
}

// ---- the loop ----

void Reactor::wake() const {
  const std::uint64_t one = 1;
  // It fails only when the counter is full, and then the loop is awake anyway.
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof(one));
}

void Reactor::run() {
  while (!is_finished())
    turn();
  connections_.close_all();
  listeners_.clear();
  udp_.clear();
}

void Reactor::turn() {
  const auto events = loop_.poller.wait(patience());
  loop_.now = base::now();
  loop_.receiver->set_now(loop_.now);
  for (const Poller::Event& event : events)
    dispatch(event);
  loop_.receiver->run_mailbox();
  loop_.receiver->advance();
  loop_.wheel.advance(loop_.now);
  report();
  flush();
}

std::optional<base::Duration> Reactor::patience() const {
  if (!loop_.failures.empty()) return base::Duration::zero();
  std::optional<base::Instant> next = finish_by_;
  for (const auto& deadline : {loop_.receiver->next_deadline(), loop_.wheel.next_deadline()}) {
    if (deadline && (!next || *deadline < *next)) next = deadline;
  }
  if (!next) return std::nullopt;
  return *next - base::now();
}

void Reactor::dispatch(const Poller::Event& event) {
  switch (event.watch.kind) {
    case Watch::Kind::wake: {
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof(count));
      return;
    }
    case Watch::Kind::datagrams:
      return on_datagrams(udp_[event.watch.number], event.what);
    case Watch::Kind::listener:
      if (event.watch.number < listeners_.size()) accept_from(listeners_[event.watch.number]);
      return;
    case Watch::Kind::connection:
      return connections_.on_event(event.watch.number, event.what);
  }
}

void Reactor::on_datagrams(UdpSocket& socket, std::uint32_t what) {
  if (what & EPOLLERR) socket.read_errors();
  if (what & EPOLLOUT) socket.on_writable();
  if (what & EPOLLIN) socket.receive(batch_);
}

void Reactor::accept_from(const Descriptor& listener) {
  for (int i = 0; i < most_accepts; ++i) {
    SocketAddress remote{};
    Descriptor socket = accept_connection(listener.get(), remote);
    if (socket) {
      connections_.accept(std::move(socket), to_endpoint(remote));
    } else if (errno == EMFILE || errno == ENFILE) {
      return drop_one(listener);
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return;
    }
  }
}

// Without a descriptor for it the connection would wait, and be reported, for ever.
void Reactor::drop_one(const Descriptor& listener) {
  if (loop_.now - warned_ > warning_interval) {
    logger.warning("flow_refused", base::kv("why", "no file descriptor left"));
    warned_ = loop_.now;
  }
  spare_.reset();
  SocketAddress remote{};
  accept_connection(listener.get(), remote);
  spare_ = open_spare();
}

void Reactor::report() {
  for (const Token token : std::exchange(loop_.failures, {}))
    tell_failed(token);
  for (UdpSocket& socket : udp_) {
    for (const sip::Endpoint& remote : socket.take_unreachable())
      announce_unreachable(remote);
  }
}

// ICMP comes to the shard that the remote's datagrams go to, whoever of us has sent.
void Reactor::announce_unreachable(const sip::Endpoint& remote) {
  for (const auto& reactor : peers_.reactors) {
    if (reactor.get() == this) {
      on_unreachable(remote);
    } else {
      peers_.mailboxes[reactor->loop_.shard]->post(
          [&peer = *reactor, remote] { peer.on_unreachable(remote); });
    }
  }
}

void Reactor::tell_failed(Token token) {
  if (token.shard == loop_.shard) return loop_.receiver->on_send_failed(token.number);
  peers_.mailboxes[token.shard]->post(
      [&peer = *peers_.reactors[token.shard], token] { peer.loop_.receiver->on_send_failed(token.number); });
}

void Reactor::on_unreachable(const sip::Endpoint& remote) {
  for (const Token token : recent_.take(remote, loop_.now))
    loop_.receiver->on_send_failed(token.number);
}

void Reactor::flush() {
  for (UdpSocket& socket : udp_)
    socket.flush();
  connections_.flush();
}

bool Reactor::has_unsent() const {
  const auto waits = [](const UdpSocket& socket) { return socket.has_unsent(); };
  return std::any_of(udp_.begin(), udp_.end(), waits) || connections_.has_unsent();
}

bool Reactor::is_finished() const {
  return finish_by_ && (base::now() >= *finish_by_ || !has_unsent());
}

// ---- Wire ----

void Reactor::send(const sip::Flow& flow, std::string_view head, const engine::SharedBody& body,
                   std::uint64_t token) {
  const Token whose{token, loop_.shard};
  if (sip::is_stream(flow.transport)) {
    if (flow.connection != 0 && flow.shard != loop_.shard) return hand_over(flow, head, body, whose);
    return connections_.send(flow, head, body, whose);
  }
  if (UdpSocket* socket = socket_for(flow)) return socket->send(flow, head, body, whose);
  loop_.fail(whose);
}

void Reactor::hand_over(const sip::Flow& flow, std::string_view head, const engine::SharedBody& body,
                        Token token) {
  if (flow.shard >= peers_.reactors.size()) return loop_.fail(token);
  peers_.mailboxes[flow.shard]->post([&peer = *peers_.reactors[flow.shard], flow, head = std::string(head),
                                      body, token] { peer.connections_.send(flow, head, body, token); });
}

UdpSocket* Reactor::socket_for(const sip::Flow& flow) {
  UdpSocket* best = nullptr;
  int best_suits = 0;
  for (UdpSocket& socket : udp_) {
    const int this_suits = suits(socket.bound(), flow);
    if (this_suits <= best_suits) continue;
    best = &socket;
    best_suits = this_suits;
  }
  return best;
}

bool Reactor::is_open(const sip::Flow& flow) const {
  if (!sip::is_stream(flow.transport)) return true;
  return flow.shard < peers_.reactors.size() &&
         peers_.reactors[flow.shard]->connections_.is_open(flow.connection);
}

}  // namespace rollcall::net
