// SPDX-License-Identifier: Apache-2.0
#include "sockets.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

constexpr std::size_t batch = 64;
constexpr std::size_t datagram_bytes = 8192;
constexpr int socket_buffer_bytes = 8 << 20;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Sockets::Sockets(const std::string& host, std::uint16_t port, std::uint32_t count,
                 std::uint16_t first_local_port)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), sockets_(count), buffers_(batch * datagram_bytes) {
  if (epoll_ < 0) fail("epoll_create1");
  server_.sin_family = AF_INET;
  server_.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &server_.sin_addr) != 1)
    throw std::invalid_argument("bad address " + host);
  for (std::uint32_t i = 0; i < count; ++i) {
    open(sockets_[i], i, static_cast<std::uint16_t>(first_local_port == 0 ? 0 : first_local_port + i));
  }
}

Sockets::~Sockets() {
  for (const auto& socket : sockets_) {
    if (socket.descriptor >= 0) close(socket.descriptor);
  }
  if (epoll_ >= 0) close(epoll_);
}

void Sockets::open(Socket& socket, std::uint32_t index, std::uint16_t local_port) {
  socket.descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket.descriptor < 0) fail("socket");
  // FORCE needs a privilege; without it the plain option gives what the system allows.
  if (setsockopt(socket.descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &socket_buffer_bytes,
                 sizeof socket_buffer_bytes) != 0) {
    setsockopt(socket.descriptor, SOL_SOCKET, SO_RCVBUF, &socket_buffer_bytes, sizeof socket_buffer_bytes);
  }
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_port = htons(local_port);
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(socket.descriptor, reinterpret_cast<sockaddr*>(&local), sizeof local) != 0) fail("bind");
  socklen_t size = sizeof local;
  getsockname(socket.descriptor, reinterpret_cast<sockaddr*>(&local), &size);
  socket.port = ntohs(local.sin_port);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = index;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket.descriptor, &event) != 0) fail("epoll_ctl");
}

void Sockets::flush() {
  for (auto& socket : sockets_) {
    for (std::size_t first = 0; first < socket.out.size(); first += batch) {
      std::array<mmsghdr, batch> headers{};
      std::array<iovec, batch> pieces{};
      const auto count = std::min(batch, socket.out.size() - first);
      for (std::size_t i = 0; i < count; ++i) {
        pieces[i] = {socket.out[first + i].data(), socket.out[first + i].size()};
        headers[i].msg_hdr.msg_iov = &pieces[i];
        headers[i].msg_hdr.msg_iovlen = 1;
        headers[i].msg_hdr.msg_name = &server_;
        headers[i].msg_hdr.msg_namelen = sizeof server_;
      }
      // What the kernel does not take is lost like any datagram; the retransmission timers find it.
      sendmmsg(socket.descriptor, headers.data(), static_cast<unsigned>(count), 0);
    }
    socket.out.clear();
  }
}

void Sockets::receive(std::chrono::milliseconds wait, const OnDatagram& on_datagram) {
  std::array<epoll_event, batch> events{};
  const int ready = epoll_wait(epoll_, events.data(), batch, static_cast<int>(wait.count()));
  for (int i = 0; i < ready; ++i)
    drain(events[static_cast<std::size_t>(i)].data.u32, on_datagram);
}

void Sockets::drain(std::uint32_t index, const OnDatagram& on_datagram) {
  std::array<mmsghdr, batch> headers{};
  std::array<iovec, batch> pieces{};
  for (std::size_t i = 0; i < batch; ++i) {
    pieces[i] = {buffers_.data() + i * datagram_bytes, datagram_bytes};
    headers[i].msg_hdr.msg_iov = &pieces[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  const int got = recvmmsg(sockets_[index].descriptor, headers.data(), batch, MSG_DONTWAIT, nullptr);
  for (std::size_t i = 0; got > 0 && i < static_cast<std::size_t>(got); ++i) {
    on_datagram(index, {buffers_.data() + i * datagram_bytes, headers[i].msg_len});
  }
}

}  // namespace bench
