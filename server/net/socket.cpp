// SPDX-License-Identifier: Apache-2.0
#include "socket.hpp"

#include <cerrno>
#include <system_error>

#include <netinet/tcp.h>

namespace rollcall::net {

namespace {

constexpr int buffer_bytes = 8 * 1024 * 1024;
constexpr int backlog = 4096;
// A peer that acknowledges nothing for as long as a transaction lives (64*T1) is gone.
constexpr int unacknowledged_ms = 32'000;

bool set(int socket, int level, int option, int value) {
  return ::setsockopt(socket, level, option, &value, sizeof(value)) == 0;
}

// With the privilege for it the system's upper bound does not count; else it cuts the size silently.
void enlarge_buffers(int socket) {
  if (!set(socket, SOL_SOCKET, SO_RCVBUFFORCE, buffer_bytes)) {
    set(socket, SOL_SOCKET, SO_RCVBUF, buffer_bytes);
  }
  if (!set(socket, SOL_SOCKET, SO_SNDBUFFORCE, buffer_bytes)) {
    set(socket, SOL_SOCKET, SO_SNDBUF, buffer_bytes);
  }
}

void prepare_udp(int socket, int family) {
  enlarge_buffers(socket);
  set(socket, SOL_SOCKET, SO_TIMESTAMPNS, 1);
  set(socket, SOL_SOCKET, SO_RXQ_OVFL, 1);
  if (family == AF_INET) {
    set(socket, IPPROTO_IP, IP_PKTINFO, 1);
    set(socket, IPPROTO_IP, IP_RECVERR, 1);
    // A path that is narrower than we know shall fragment what we send and not drop it.
    set(socket, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
  } else {
    set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    set(socket, IPPROTO_IPV6, IPV6_RECVERR, 1);
  }
}

void prepare_stream(int socket) {
  set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, unacknowledged_ms);
}

base::Error failure(const Listen& listen, int error) {
  const bool absent = error == EAFNOSUPPORT || error == EADDRNOTAVAIL;
  return {absent ? base::ErrorCode::unsupported : base::ErrorCode::unavailable,
          listen.to_string() + ": " + describe(error)};
}

bool bind_to(int socket, const sip::Endpoint& endpoint) {
  const SocketAddress address = to_socket_address(endpoint);
  return ::bind(socket, &address.any, length_of(address)) == 0;
}

}  // namespace

base::Result<Descriptor> open_listen(const Listen& listen, Sharing sharing) {
  const int family = family_of(listen.address);
  const bool datagrams = listen.transport == sip::Transport::udp;
  const int type = datagrams ? SOCK_DGRAM : SOCK_STREAM;
  Descriptor socket(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return failure(listen, errno);
  if (family == AF_INET6) set(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (!datagrams) set(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  // The first socket is bound before it shares its port: so a second server is refused and does not
  // take half of the first one's clients.
  if (sharing == Sharing::further) set(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  if (!bind_to(socket.get(), listen.address)) return failure(listen, errno);
  if (sharing == Sharing::first) set(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  if (datagrams) {
    prepare_udp(socket.get(), family);
  } else if (::listen(socket.get(), backlog) != 0) {
    return failure(listen, errno);
  }
  return socket;
}

Descriptor accept_connection(int listener, SocketAddress& remote) {
  socklen_t length = sizeof(remote);
  Descriptor socket(::accept4(listener, &remote.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket) prepare_stream(socket.get());
  return socket;
}

Descriptor begin_connection(const sip::Endpoint& local, const sip::Endpoint& remote) {
  Descriptor socket(::socket(family_of(remote), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return socket;
  prepare_stream(socket.get());
  if (!local.is_unspecified() && local.is_v4() == remote.is_v4()) {
    set(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    // An address that the machine has lost since is no reason not to try.
    bind_to(socket.get(), local.with_port(0));
  }
  const SocketAddress address = to_socket_address(remote);
  const int result = ::connect(socket.get(), &address.any, length_of(address));
  return result == 0 || errno == EINPROGRESS ? std::move(socket) : Descriptor();
}

int take_error(int socket) {
  int error = 0;
  socklen_t length = sizeof(error);
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

sip::Endpoint local_of(int socket) {
  SocketAddress address{};
  socklen_t length = sizeof(address);
  ::getsockname(socket, &address.any, &length);
  return to_endpoint(address);
}

std::string describe(int error) {
  return std::generic_category().message(error);
}

}  // namespace rollcall::net
