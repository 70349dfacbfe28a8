// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include <netinet/in.h>

namespace bench {

/// The local sockets of the users, which all talk to one server. Local ports count up from the first one.
class Sockets {
 public:
  using OnMessage = std::function<void(std::uint32_t socket, std::string_view message)>;

  virtual ~Sockets();
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  [[nodiscard]] virtual std::uint32_t count() const = 0;
  [[nodiscard]] virtual std::uint16_t port(std::uint32_t socket) const = 0;

  /// Leaves with the next flush().
  virtual void send(std::uint32_t socket, std::string_view message) = 0;
  virtual void flush() = 0;

  /// Waits at most that long, then hands over everything that has come.
  void receive(std::chrono::milliseconds wait, const OnMessage& on_message);

 protected:
  Sockets();

  /// A socket of that type, bound to loopback.
  static int open(int type, std::uint16_t local_port);
  static std::uint16_t port_of(int descriptor);
  [[noreturn]] static void fail(const char* what);
  void watch(int operation, int descriptor, std::uint32_t socket, std::uint32_t events);
  virtual void on_events(std::uint32_t socket, std::uint32_t events, const OnMessage& on_message) = 0;

 private:
  int epoll_;
};

/// As many as the options say, to their target and by their transport. Throws std::system_error.
std::unique_ptr<Sockets> open_sockets(const Options& options);

/// For open_sockets().
std::unique_ptr<Sockets> open_datagrams(const Options& options, const sockaddr_in& server);
std::unique_ptr<Sockets> open_streams(const Options& options, const sockaddr_in& server);

}  // namespace bench
