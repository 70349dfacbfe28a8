// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/http/route.hpp>

namespace rollcall::http {

/// Where to listen and what one client may take. Every wait has an end.
struct ServerSettings {
  std::string host = "127.0.0.1";    // an IPv4 or IPv6 address
  std::uint16_t port = 0;            // 0: any free one
  int threads = 32;                  // connections that are served at the same time
  int connections = 256;             // with those that wait for a thread; more are answered 503
  int connections_per_address = 24;  // fewer than threads, so that one address cannot take them all
  std::size_t head_bytes = 16'384;   // request line and header fields
  base::Duration idle_time = std::chrono::seconds(5);    // for the first byte of the next request
  base::Duration head_time = std::chrono::seconds(10);   // from the first byte to the end of the head
  base::Duration body_time = std::chrono::seconds(30);   // for the whole body
  base::Duration write_time = std::chrono::seconds(30);  // for the whole answer
};

/// A HTTP/1.1 server with threads of its own (RFC 9112).
///
/// It takes no chances with the framing of a request: what could be read in two ways (bare LF, two
/// lengths, length and chunks, white space before a colon, folded lines) is refused with 400 and the
/// connection closed; so is what takes too long, with 408.
class Server {
 public:
  /// The router must outlive the server.
  Server(Router& router, ServerSettings settings);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens. Error unavailable: the address cannot be had.
  base::Result<> start();

  /// Ends all connections, and returns when the functions under way have returned. May be called
  /// twice.
  void stop();

  /// The port listened on, after start().
  [[nodiscard]] std::uint16_t port() const;
  /// "127.0.0.1:8080" or "[::1]:8080", after start().
  [[nodiscard]] std::string address() const;

 private:
  struct Listener;

  Router& router_;
  ServerSettings settings_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace rollcall::http
