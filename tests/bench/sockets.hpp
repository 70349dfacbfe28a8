// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>

namespace bench {

/// A set of UDP sockets that talk to one server: datagrams leave and come in batches.
class Sockets {
 public:
  using OnDatagram = std::function<void(std::uint32_t socket, std::string_view datagram)>;

  /// Local ports count up from the first one; 0: any. Throws std::system_error.
  Sockets(const std::string& host, std::uint16_t port, std::uint32_t count, std::uint16_t first_local_port);
  ~Sockets();
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(sockets_.size()); }
  [[nodiscard]] std::uint16_t port(std::uint32_t socket) const { return sockets_[socket].port; }

  /// Leaves with the next flush().
  void send(std::uint32_t socket, std::string datagram) {
    sockets_[socket].out.push_back(std::move(datagram));
  }
  void flush();

  /// Waits at most that long, then hands over everything that has come.
  void receive(std::chrono::milliseconds wait, const OnDatagram& on_datagram);

 private:
  struct Socket {
    int descriptor = -1;
    std::uint16_t port = 0;
    std::vector<std::string> out;
  };

  void open(Socket& socket, std::uint32_t index, std::uint16_t local_port);
  void drain(std::uint32_t index, const OnDatagram& on_datagram);

  sockaddr_in server_{};
  int epoll_ = -1;
  std::vector<Socket> sockets_;
  std::vector<char> buffers_;
};

}  // namespace bench
