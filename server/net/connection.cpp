// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include "connections.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace rollcall::net {

namespace {

constexpr auto connect_patience = std::chrono::seconds(3);
constexpr auto leave_patience = std::chrono::seconds(2);
// Bounds of what one connection may write in a turn, so that the others get theirs.
constexpr int most_writes = 8;
constexpr std::size_t most_pieces = 256;

bool is_temporary(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

Connection::Connection(Connections& owner, Descriptor socket, const sip::Flow& flow, Origin origin,
                       base::Instant now, const base::Limits& limits)
    : flow(flow),
      origin(origin),
      state(origin == Origin::opened ? State::connecting : State::open),
      framer(limits),
      state_since(now),
      last_heard(now),
      owner_(owner),
      socket_(std::move(socket)) {}

Connection::Read Connection::receive(std::span<char> buffer) {
  const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (got > 0) return {Io::done, static_cast<std::size_t>(got)};
  if (got < 0 && is_temporary(errno)) return {Io::blocked, 0};
  return {Io::ended, 0};
}

Connection::Io Connection::flush() {
  std::array<iovec, most_pieces> pieces;
  for (int writes = 0; writes < most_writes; ++writes) {
    if (out.empty()) return Io::done;
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = out.gather(pieces);
    const ssize_t written = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
    if (written < 0) return is_temporary(errno) ? Io::blocked : Io::ended;
    out.consume(static_cast<std::size_t>(written));
  }
  return out.empty() ? Io::done : Io::blocked;
}

void Connection::shut_down_writing() {
  ::shutdown(socket_.get(), SHUT_WR);
}

base::Instant Connection::patience_ends(const base::Limits& limits) const {
  if (state == State::connecting) return state_since + connect_patience;
  if (state == State::leaving) return state_since + leave_patience;
  base::Instant end = last_heard + std::chrono::seconds(limits.connection_idle_seconds);
  if (origin == Origin::accepted && !heard_message) {
    end = std::min(end, state_since + std::chrono::seconds(limits.connection_first_message_seconds));
  }
  if (framer.in_message()) {
    end = std::min(end, message_since + std::chrono::seconds(limits.message_arrival_seconds));
  }
  return end;
}

void Connection::fire(base::Instant now) {
  owner_.on_patience(*this, now);
}

}  // namespace rollcall::net
