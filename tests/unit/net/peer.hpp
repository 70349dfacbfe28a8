// SPDX-License-Identifier: Apache-2.0
// The other side of the wire, for tests: plain sockets that wait no longer than a deadline.
#pragma once

#include "address.hpp"
#include "descriptor.hpp"
#include "socket.hpp"

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/base/clock.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rollcall::net::test {

constexpr base::Duration patience = std::chrono::seconds(10);

inline sip::Endpoint endpoint(std::string_view host, std::uint16_t port = 0) {
  return *sip::Endpoint::parse(host, port);
}

/// A UDP or TCP socket of a client.
class Peer {
 public:
  explicit Peer(Descriptor socket) : socket_(std::move(socket)) {}

  /// A UDP socket on this address (port 0: any).
  static Peer udp(const sip::Endpoint& local) { return Peer(bound(local, SOCK_DGRAM)); }
  /// A TCP connection to an address.
  static Peer tcp(const sip::Endpoint& remote) {
    Descriptor socket(::socket(family_of(remote), SOCK_STREAM | SOCK_CLOEXEC, 0));
    const SocketAddress address = to_socket_address(remote);
    if (::connect(socket.get(), &address.any, length_of(address)) != 0) return Peer(Descriptor());
    return Peer(std::move(socket));
  }
  /// A TCP socket that listens on this address.
  static Peer listening(const sip::Endpoint& local) {
    Peer peer(bound(local, SOCK_STREAM));
    ::listen(peer.socket_.get(), 16);
    return peer;
  }
  /// The next connection to a listening one.
  Peer accept() const {
    if (!wait(POLLIN)) return Peer(Descriptor());
    return Peer(Descriptor(::accept(socket_.get(), nullptr, nullptr)));
  }

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] bool is_valid() const { return static_cast<bool>(socket_); }
  [[nodiscard]] sip::Endpoint local() const { return local_of(socket_.get()); }
  void close() { socket_.reset(); }

  bool send(std::string_view bytes) const {
    return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  bool send_to(const sip::Endpoint& remote, std::string_view bytes) const {
    const SocketAddress address = to_socket_address(remote);
    return ::sendto(socket_.get(), bytes.data(), bytes.size(), 0, &address.any, length_of(address)) ==
           static_cast<ssize_t>(bytes.size());
  }

  struct Datagram {
    std::string bytes;
    sip::Endpoint from;
  };
  /// The next datagram; nullopt when none comes in time.
  std::optional<Datagram> receive(base::Duration most = patience) const {
    if (!wait(POLLIN, most)) return std::nullopt;
    std::string bytes(65'536, '\0');
    SocketAddress from{};
    socklen_t length = sizeof(from);
    const ssize_t got = ::recvfrom(socket_.get(), bytes.data(), bytes.size(), 0, &from.any, &length);
    if (got < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(got));
    return Datagram{std::move(bytes), to_endpoint(from)};
  }

  /// Reads this many bytes of a stream; fewer when it ends or nothing comes in time.
  std::string read(std::size_t bytes) const {
    std::string got;
    while (got.size() < bytes && wait(POLLIN)) {
      char buffer[4096];
      const ssize_t more = ::recv(socket_.get(), buffer, std::min(sizeof(buffer), bytes - got.size()), 0);
      if (more <= 0) break;
      got.append(buffer, static_cast<std::size_t>(more));
    }
    return got;
  }
  /// All that comes until the stream ends; nullopt when it does not end in time, or is reset.
  std::optional<std::string> read_to_end() const {
    std::string got;
    while (wait(POLLIN)) {
      char buffer[4096];
      const ssize_t more = ::recv(socket_.get(), buffer, sizeof(buffer), 0);
      if (more < 0) return std::nullopt;
      if (more == 0) return got;
      got.append(buffer, static_cast<std::size_t>(more));
    }
    return std::nullopt;
  }
  /// Whether the other side closes (or resets) before the patience ends.
  [[nodiscard]] bool is_closed_soon() const {
    while (wait(POLLIN)) {
      char buffer[4096];
      if (::recv(socket_.get(), buffer, sizeof(buffer), 0) <= 0) return true;
    }
    return false;
  }

 private:
  static Descriptor bound(const sip::Endpoint& local, int type) {
    Descriptor socket(::socket(family_of(local), type | SOCK_CLOEXEC, 0));
    const SocketAddress address = to_socket_address(local);
    if (::bind(socket.get(), &address.any, length_of(address)) != 0) socket.reset();
    return socket;
  }
  [[nodiscard]] bool wait(short what, base::Duration most = patience) const {
    pollfd waited{socket_.get(), what, 0};
    return ::poll(&waited, 1, static_cast<int>(most / std::chrono::milliseconds(1))) == 1;
  }

  Descriptor socket_;
};

}  // namespace rollcall::net::test
