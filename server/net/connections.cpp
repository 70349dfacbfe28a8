// SPDX-License-Identifier: Apache-2.0
#include "connections.hpp"

#include "socket.hpp"

#include <algorithm>
#include <utility>

#include <rollcall/base/log.hpp>

namespace rollcall::net {

namespace {

constexpr base::Log logger{"net"};
constexpr std::size_t read_bytes = 65'536;

/// Where a peer can reach us: the address that the connection has here, with the port that we listen
/// on, since the port of a connection that we opened is nobody's to call.
sip::Endpoint reachable(const sip::Endpoint& local, const std::vector<Listen>& listens) {
  for (const Listen& listen : listens) {
    const sip::Endpoint& address = listen.address;
    if (listen.transport != sip::Transport::tcp || address.is_v4() != local.is_v4()) continue;
    if (address.is_unspecified() || address.same_address(local)) return local.with_port(address.port());
  }
  return local;
}

}  // namespace

Connections::Connections(Loop& loop, ConnectionCount& count)
    : loop_(loop),
      count_(count),
      open_(static_cast<std::size_t>(std::min<std::int64_t>(loop.limits.connections, 1 << 20))),
      buffer_(read_bytes) {}

// ---- opening ----

void Connections::accept(Descriptor socket, const sip::Endpoint& remote) {
  if (!count_.admit(remote)) {
    logger.debug("flow_refused", base::kv("remote", remote.to_string()));
    return;
  }
  sip::Flow flow;
  flow.transport = sip::Transport::tcp;
  flow.local = local_of(socket.get());
  flow.remote = remote;
  if (!add(std::move(socket), flow, Connection::Origin::accepted)) count_.release(remote);
}

Connection* Connections::open_to(const sip::Flow& flow) {
  if (flow.transport != sip::Transport::tcp || !count_.admit_outbound()) return nullptr;
  Descriptor socket = begin_connection(flow.local, flow.remote);
  Connection* connection = socket ? add(std::move(socket), flow, Connection::Origin::opened) : nullptr;
  if (!connection) count_.release_outbound();
  return connection;
}

Connection* Connections::add(Descriptor socket, sip::Flow flow, Connection::Origin origin) {
  flow.connection = open_.take();
  flow.shard = loop_.shard;
  if (flow.connection == 0) return nullptr;
  auto made = std::make_unique<Connection>(*this, std::move(socket), flow, origin, base::now(), loop_.limits);
  Connection& connection = *made;
  connections_.emplace(flow.connection, std::move(made));
  by_remote_[flow.remote] = flow.connection;
  loop_.metrics.set(base::Metric::connections, static_cast<std::int64_t>(connections_.size()));
  const bool connecting = connection.state == Connection::State::connecting;
  connection.watches_writing = connecting;
  loop_.poller.add(connection.socket(), {Watch::Kind::connection, flow.connection},
                   connecting ? EPOLLIN | EPOLLOUT : EPOLLIN);
  set_patience(connection);
  logger.debug("flow_opened", base::kv("flow", flow.to_string()), base::kv("connection", flow.connection));
  return &connection;
}

void Connections::on_connected(Connection& connection) {
  const int error = take_error(connection.socket());
  if (error != 0) return close(connection, describe(error));
  const sip::Endpoint local = local_of(connection.socket());
  // The system may pick the very port that we call as the one to call from.
  if (local == connection.flow.remote) return close(connection, "called itself");
  connection.state = Connection::State::open;
  connection.state_since = connection.last_heard = loop_.now;
  connection.flow.local = reachable(local, loop_.listens);
  set_patience(connection);
  mark_to_flush(connection);
}

// ---- sending ----

Connection* Connections::find(std::uint64_t number) {
  const auto found = connections_.find(number);
  return found == connections_.end() ? nullptr : found->second.get();
}

Connection* Connections::find_to(const sip::Flow& flow) {
  const auto found = by_remote_.find(flow.remote);
  Connection* connection = found == by_remote_.end() ? nullptr : find(found->second);
  return connection && connection->flow.transport == flow.transport ? connection : nullptr;
}

void Connections::send(const sip::Flow& flow, std::string_view head, const engine::SharedBody& body,
                       Token token) {
  Connection* connection = flow.connection != 0 ? find(flow.connection) : find_to(flow);
  if (!connection && flow.connection == 0) connection = open_to(flow);
  if (!connection || connection->state == Connection::State::leaving) return loop_.fail(token);
  connection->out.add(head, body, token);
  mark_to_flush(*connection);
}

void Connections::mark_to_flush(Connection& connection) {
  if (std::exchange(connection.to_flush, true)) return;
  to_flush_.push_back(connection.number());
}

void Connections::flush() {
  for (const std::uint64_t number : std::exchange(to_flush_, {})) {
    Connection* connection = find(number);
    if (!connection) continue;
    connection->to_flush = false;
    flush(*connection);
  }
}

void Connections::flush(Connection& connection) {
  using enum Connection::Io;
  const bool connecting = connection.state == Connection::State::connecting;
  const Connection::Io io = connecting ? blocked : connection.flush();
  if (io == ended) return close(connection, "reset");
  // Past this a peer that does not read would only cost memory.
  if (connection.out.bytes() > static_cast<std::size_t>(loop_.limits.connection_send_bytes)) {
    return close(connection, "too slow");
  }
  watch_writing(connection, io == blocked);
  if (io == done && connection.state == Connection::State::leaving) connection.shut_down_writing();
}

void Connections::watch_writing(Connection& connection, bool wanted) {
  if (std::exchange(connection.watches_writing, wanted) == wanted) return;
  loop_.poller.modify(connection.socket(), {Watch::Kind::connection, connection.number()},
                      wanted ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

bool Connections::has_unsent() const {
  return std::any_of(connections_.begin(), connections_.end(),
                     [](const auto& entry) { return !entry.second->out.empty(); });
}

// ---- receiving ----

void Connections::on_event(std::uint64_t number, std::uint32_t what) {
  Connection* connection = find(number);
  if (!connection) return;
  if (connection->state == Connection::State::connecting) return on_connected(*connection);
  if (what & EPOLLOUT) mark_to_flush(*connection);
  if (what & (EPOLLIN | EPOLLHUP | EPOLLERR)) read(*connection);
}

// One buffer a turn: a peer that sends without end does not keep the others waiting.
void Connections::read(Connection& connection) {
  const Connection::Read read = connection.receive(buffer_);
  if (read.io == Connection::Io::blocked) return;
  if (read.io == Connection::Io::ended) {
    connection.flush();
    return close(connection, "ended by peer");
  }
  if (connection.state == Connection::State::leaving) return;
  take_bytes(connection, {buffer_.data(), read.bytes});
}

void Connections::take_bytes(Connection& connection, std::string_view bytes) {
  const bool was_in_message = connection.framer.in_message();
  bool new_message = !was_in_message;
  connection.last_heard = loop_.now;
  connection.framer.feed(bytes);
  while (auto frame = connection.framer.next()) {
    if (frame->kind == Framer::Frame::Kind::ping) {
      connection.out.add("\r\n", nullptr, {});
      mark_to_flush(connection);
      continue;
    }
    connection.heard_message = new_message = true;
    loop_.receiver->on_message(std::move(frame->bytes), connection.flow);
    if (frame->kind == Framer::Frame::Kind::broken) return leave(connection);
  }
  if (!connection.framer.in_message()) return;
  if (new_message) connection.message_since = loop_.now;
  set_patience(connection);
}

// ---- closing ----

void Connections::set_patience(Connection& connection) {
  const base::Instant end = connection.patience_ends(loop_.limits);
  // A deadline that moved away is found when the timer fires: most messages never touch the wheel.
  if (!connection.is_set() || end < connection.deadline()) loop_.wheel.set(connection, end);
}

void Connections::on_patience(Connection& connection, base::Instant now) {
  if (connection.patience_ends(loop_.limits) <= now) return close(connection, "out of time");
  set_patience(connection);
}

// The peer is still read for a while, since closing on bytes that nobody has read would reset the
// connection and could take our last answer with it.
void Connections::leave(Connection& connection) {
  connection.state = Connection::State::leaving;
  connection.state_since = loop_.now;
  forget_route(connection);
  set_patience(connection);
  mark_to_flush(connection);
}

void Connections::forget_route(const Connection& connection) {
  open_.give_back(connection.number());
  const auto route = by_remote_.find(connection.flow.remote);
  if (route != by_remote_.end() && route->second == connection.number()) by_remote_.erase(route);
}

void Connections::close(Connection& connection, std::string_view why) {
  const sip::Flow flow = connection.flow;
  logger.debug("flow_closed", base::kv("flow", flow.to_string()), base::kv("connection", flow.connection),
               base::kv("why", why));
  connection.out.for_each_unsent([this](Token token) { loop_.fail(token); });
  if (connection.state != Connection::State::leaving) forget_route(connection);
  loop_.poller.remove(connection.socket());
  if (connection.origin == Connection::Origin::accepted) {
    count_.release(flow.remote);
  } else {
    count_.release_outbound();
  }
  connections_.erase(flow.connection);
  loop_.metrics.set(base::Metric::connections, static_cast<std::int64_t>(connections_.size()));
}

void Connections::close_all() {
  while (!connections_.empty())
    close(*connections_.begin()->second, "server stops");
}

}  // namespace rollcall::net
