// SPDX-License-Identifier: Apache-2.0
// TCP: each socket is one connection, for the users' requests and for the server's.
#include "sockets.hpp"
#include "text.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

constexpr std::size_t first_buffer_bytes = 64 << 10;
constexpr std::size_t most_buffer_bytes = 4 << 20;
constexpr int connect_milliseconds = 5000;

class Streams : public Sockets {
 public:
  Streams(const Options& options, const sockaddr_in& server) : streams_(options.sockets) {
    for (std::uint32_t i = 0; i < options.sockets; ++i) {
      open_one(i, static_cast<std::uint16_t>(options.first_port == 0 ? 0 : options.first_port + i), server);
    }
  }

  ~Streams() override {
    // Reset, so that the next run may have the same ports, and with them the same contacts, at once.
    const linger at_once{1, 0};
    for (const auto& stream : streams_) {
      if (stream.descriptor < 0) continue;
      setsockopt(stream.descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      close(stream.descriptor);
    }
  }

  [[nodiscard]] std::uint32_t count() const override { return static_cast<std::uint32_t>(streams_.size()); }
  [[nodiscard]] std::uint16_t port(std::uint32_t socket) const override { return streams_[socket].port; }

  void send(std::uint32_t index, std::string_view message) override {
    auto& stream = streams_[index];
    if (stream.out.empty()) waiting_.push_back(index);
    stream.out.append(message);
  }

  void flush() override {
    for (const auto index : waiting_) {
      if (!streams_[index].blocked) write_out(index);
    }
    waiting_.clear();
  }

 private:
  struct Stream {
    int descriptor = -1;
    std::uint16_t port = 0;
    std::string out;
    bool blocked = false;  // the kernel takes no more for now
    std::vector<char> in = std::vector<char>(first_buffer_bytes);
    std::size_t filled = 0;
  };

  void open_one(std::uint32_t index, std::uint16_t local_port, const sockaddr_in& server) {
    auto& stream = streams_[index];
    stream.descriptor = open(SOCK_STREAM, local_port);
    const int yes = 1;
    setsockopt(stream.descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const auto* address = reinterpret_cast<const sockaddr*>(&server);
    if (connect(stream.descriptor, address, sizeof server) != 0 && errno != EINPROGRESS) fail("connect");
    pollfd connected{stream.descriptor, POLLOUT, 0};
    if (poll(&connected, 1, connect_milliseconds) != 1) throw std::runtime_error("no connection in time");
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(stream.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) throw std::system_error(error, std::generic_category(), "connect");
    stream.port = port_of(stream.descriptor);
    watch(EPOLL_CTL_ADD, stream.descriptor, index, EPOLLIN);
  }

  void write_out(std::uint32_t index) {
    auto& stream = streams_[index];
    const auto sent = ::send(stream.descriptor, stream.out.data(), stream.out.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) closed(index);
    stream.out.erase(0, sent < 0 ? 0 : static_cast<std::size_t>(sent));
    const bool blocked = !stream.out.empty();
    if (blocked == stream.blocked) return;
    stream.blocked = blocked;
    watch(EPOLL_CTL_MOD, stream.descriptor, index, blocked ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }

  void on_events(std::uint32_t index, std::uint32_t events, const OnMessage& on_message) override {
    if (events & EPOLLOUT) write_out(index);
    if (!(events & ~static_cast<std::uint32_t>(EPOLLOUT))) return;
    auto& stream = streams_[index];
    const auto got =
        recv(stream.descriptor, stream.in.data() + stream.filled, stream.in.size() - stream.filled, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) closed(index);
    if (got <= 0) return;
    stream.filled += static_cast<std::size_t>(got);
    hand_over(index, on_message);
  }

  /// Hands over the whole messages; what is there of the next one waits for its rest.
  void hand_over(std::uint32_t index, const OnMessage& on_message) {
    auto& stream = streams_[index];
    std::string_view rest(stream.in.data(), stream.filled);
    for (;;) {
      while (rest.substr(0, 2) == "\r\n")  // a keep-alive
        rest.remove_prefix(2);
      const auto size = framed_bytes(rest);
      if (size == 0) break;
      on_message(index, rest.substr(0, size));
      rest.remove_prefix(size);
    }
    stream.filled = rest.size();
    std::memmove(stream.in.data(), rest.data(), rest.size());
    if (stream.filled < stream.in.size()) return;
    if (stream.in.size() >= most_buffer_bytes) throw std::runtime_error("a message in a stream has no end");
    stream.in.resize(2 * stream.in.size());
  }

  [[noreturn]] void closed(std::uint32_t index) const {
    throw std::runtime_error(
        fmt::format("the server has closed connection {} of {}", index, streams_.size()));
  }

  std::vector<Stream> streams_;
  std::vector<std::uint32_t> waiting_;  // streams with something new to send
};

}  // namespace

std::unique_ptr<Sockets> open_streams(const Options& options, const sockaddr_in& server) {
  return std::make_unique<Streams>(options, server);
}

}  // namespace bench
