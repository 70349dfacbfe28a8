// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "address.hpp"
#include "connection.hpp"
#include "connection_count.hpp"
#include "loop.hpp"
#include "open_set.hpp"

#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/engine/wire.hpp>

namespace rollcall::net {

/// The connections of one shard. Lives on its reactor's thread, but for is_open(). Nothing that a
/// receiver may call closes a connection or writes to one: that is done in flush(), once a turn.
class Connections {
 public:
  Connections(Loop& loop, ConnectionCount& count);
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Takes a connection that was accepted; closed at once when a limit is reached.
  void accept(Descriptor socket, const sip::Endpoint& remote);

  /// Puts a message at the end of what waits on the flow's connection; without one, on an open
  /// connection to flow.remote or on a new one. Fails the token when that cannot be.
  void send(const sip::Flow& flow, std::string_view head, const engine::SharedBody& body, Token token);

  /// The poller saw something on this connection.
  void on_event(std::uint64_t number, std::uint32_t what);
  /// Writes what was sent in this turn.
  void flush();
  /// For Connection: its patience is over, if nothing has happened since.
  void on_patience(Connection& connection, base::Instant now);

  /// Any thread.
  [[nodiscard]] bool is_open(std::uint64_t number) const { return open_.contains(number); }
  [[nodiscard]] bool has_unsent() const;

  /// The end of the loop: nobody is told.
  void close_all();

 private:
  Connection* find(std::uint64_t number);
  Connection* find_to(const sip::Flow& flow);
  Connection* open_to(const sip::Flow& flow);
  Connection* add(Descriptor socket, sip::Flow flow, Connection::Origin origin);
  void on_connected(Connection& connection);
  void read(Connection& connection);
  void take_bytes(Connection& connection, std::string_view bytes);
  void flush(Connection& connection);
  void leave(Connection& connection);
  void close(Connection& connection, std::string_view why);
  void mark_to_flush(Connection& connection);
  void watch_writing(Connection& connection, bool wanted);
  void set_patience(Connection& connection);
  void forget_route(const Connection& connection);

  Loop& loop_;
  ConnectionCount& count_;
  OpenSet open_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::unordered_map<sip::Endpoint, std::uint64_t, EndpointHash> by_remote_;  // those that take messages
  std::vector<std::uint64_t> to_flush_;
  std::vector<char> buffer_;
};

}  // namespace rollcall::net
