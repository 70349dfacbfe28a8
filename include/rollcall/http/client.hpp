// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/http/request.hpp>
#include <rollcall/http/response.hpp>

namespace rollcall::http {

/// Asks one HTTP server, over a connection that is kept open and opened again when it was closed.
/// Lives on one thread; every call blocks.
class Client {
 public:
  /// `token` goes into Authorization: Bearer; "" for none. `patience`: for connecting, and for each
  /// silence while an answer is awaited.
  Client(const std::string& host, std::uint16_t port, std::string token, base::Duration patience);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends the method, segments, query, headers and body of the request. The answer, whatever its
  /// status; error unavailable: there was none.
  base::Result<Response> ask(const Request& request);

 private:
  struct Session;
  Response exchange(const Request& request);

  std::string token_;
  std::unique_ptr<Session> session_;
};

}  // namespace rollcall::http
