// SPDX-License-Identifier: Apache-2.0
#include "sockets.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

Sockets::Sockets() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) fail("epoll_create1");
}

Sockets::~Sockets() {
  close(epoll_);
}

int Sockets::open(int type, std::uint16_t local_port) {
  const int descriptor = ::socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail("socket");
  const int yes = 1;
  // Only for streams: a datagram socket would share its port with another process.
  if (type == SOCK_STREAM) setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_port = htons(local_port);
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(descriptor, reinterpret_cast<sockaddr*>(&local), sizeof local) != 0) fail("bind");
  return descriptor;
}

std::uint16_t Sockets::port_of(int descriptor) {
  sockaddr_in local{};
  socklen_t size = sizeof local;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&local), &size);
  return ntohs(local.sin_port);
}

void Sockets::fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void Sockets::watch(int operation, int descriptor, std::uint32_t socket, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u32 = socket;
  if (epoll_ctl(epoll_, operation, descriptor, &event) != 0) fail("epoll_ctl");
}

void Sockets::receive(std::chrono::milliseconds wait, const OnMessage& on_message) {
  std::array<epoll_event, 64> events;
  const int ready = epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(wait.count()));
  for (int i = 0; i < ready; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    on_events(event.data.u32, event.events, on_message);
  }
}

std::unique_ptr<Sockets> open_sockets(const Options& options) {
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(options.target_port);
  if (inet_pton(AF_INET, options.target_host.c_str(), &server.sin_addr) != 1) {
    throw std::invalid_argument("bad address " + options.target_host);
  }
  return options.transport == Transport::udp ? open_datagrams(options, server)
                                             : open_streams(options, server);
}

}  // namespace bench
