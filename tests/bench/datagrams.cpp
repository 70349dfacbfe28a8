// SPDX-License-Identifier: Apache-2.0
// UDP: datagrams leave and come in batches.
#include "sockets.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

constexpr std::size_t batch = 64;
constexpr std::size_t datagram_bytes = 65536;
constexpr int socket_buffer_bytes = 8 << 20;

/// Room for a batch of datagrams, described once.
struct Batch {
  Batch() : bytes(new char[batch * datagram_bytes]) {
    for (std::size_t i = 0; i < batch; ++i) {
      pieces[i] = {bytes.get() + i * datagram_bytes, datagram_bytes};
      headers[i].msg_hdr.msg_iov = &pieces[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
  }

  std::unique_ptr<char[]> bytes;  // not cleared: most of it is never touched
  std::array<iovec, batch> pieces{};
  std::array<mmsghdr, batch> headers{};
};

class Datagrams : public Sockets {
 public:
  Datagrams(const Options& options, const sockaddr_in& server) : server_(server), sockets_(options.sockets) {
    for (std::uint32_t i = 0; i < options.sockets; ++i) {
      open_one(i, static_cast<std::uint16_t>(options.first_port == 0 ? 0 : options.first_port + i));
    }
  }

  ~Datagrams() override {
    for (const auto& socket : sockets_) {
      if (socket.descriptor >= 0) close(socket.descriptor);
    }
  }

  [[nodiscard]] std::uint32_t count() const override { return static_cast<std::uint32_t>(sockets_.size()); }
  [[nodiscard]] std::uint16_t port(std::uint32_t socket) const override { return sockets_[socket].port; }

  void send(std::uint32_t index, std::string_view message) override {
    auto& socket = sockets_[index];
    if (socket.sizes.empty()) waiting_.push_back(index);
    socket.out.append(message);
    socket.sizes.push_back(message.size());
  }

  void flush() override {
    for (const auto index : waiting_)
      flush_one(sockets_[index]);
    waiting_.clear();
  }

 private:
  struct Socket {
    int descriptor = -1;
    std::uint16_t port = 0;
    std::string out;  // the datagrams that wait, one behind the other
    std::vector<std::size_t> sizes;
  };

  void open_one(std::uint32_t index, std::uint16_t local_port) {
    auto& socket = sockets_[index];
    socket.descriptor = open(SOCK_DGRAM, local_port);
    socket.port = port_of(socket.descriptor);
    // FORCE needs a privilege; without it the plain option gives what the system allows.
    for (const int option : {SO_RCVBUF, SO_RCVBUFFORCE}) {
      setsockopt(socket.descriptor, SOL_SOCKET, option, &socket_buffer_bytes, sizeof socket_buffer_bytes);
    }
    watch(EPOLL_CTL_ADD, socket.descriptor, index, EPOLLIN);
  }

  void flush_one(Socket& socket) {
    std::array<iovec, batch> pieces;
    std::array<mmsghdr, batch> headers{};
    auto* at = socket.out.data();
    for (std::size_t first = 0; first < socket.sizes.size(); first += batch) {
      const auto count = std::min(batch, socket.sizes.size() - first);
      for (std::size_t i = 0; i < count; ++i) {
        pieces[i] = {at, socket.sizes[first + i]};
        at += pieces[i].iov_len;
        auto& header = headers[i].msg_hdr;
        header.msg_iov = &pieces[i];
        header.msg_iovlen = 1;
        header.msg_name = &server_;
        header.msg_namelen = sizeof server_;
      }
      for (std::size_t sent = 0; sent < count;) {
        const int more = sendmmsg(socket.descriptor, &headers[sent], static_cast<unsigned>(count - sent), 0);
        // What the kernel does not take is lost like any datagram; the retransmission timers find it.
        sent += more > 0 ? static_cast<std::size_t>(more) : 1;
      }
    }
    socket.out.clear();
    socket.sizes.clear();
  }

  void on_events(std::uint32_t index, std::uint32_t, const OnMessage& on_message) override {
    const int got = recvmmsg(sockets_[index].descriptor, in_.headers.data(), batch, MSG_DONTWAIT, nullptr);
    for (std::size_t i = 0; got > 0 && i < static_cast<std::size_t>(got); ++i) {
      on_message(index, {in_.bytes.get() + i * datagram_bytes, in_.headers[i].msg_len});
    }
  }

  sockaddr_in server_;
  std::vector<Socket> sockets_;
  std::vector<std::uint32_t> waiting_;  // sockets with something to send
  Batch in_;
};

}  // namespace

std::unique_ptr<Sockets> open_datagrams(const Options& options, const sockaddr_in& server) {
  return std::make_unique<Datagrams>(options, server);
}

}  // namespace bench
