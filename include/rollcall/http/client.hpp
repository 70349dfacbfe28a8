// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/http/json.hpp>
#include <rollcall/http/request.hpp>
#include <rollcall/http/response.hpp>

namespace rollcall::http {

/// Asks one HTTP server, over a connection that is kept open and opened again when it was closed.
/// Lives on one thread; every call blocks.
class Client {
 public:
  /// `token` goes into Authorization: Bearer; "" for none. `patience`: for connecting, and for each
  /// silence while an answer is awaited.
  Client(std::string host, std::uint16_t port, std::string token,
         base::Duration patience = std::chrono::seconds(30));
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The answer, whatever its status. Error unavailable: there was none.
  base::Result<Response> ask(Method method, const std::string& target);
  base::Result<Response> ask(Method method, const std::string& target, const json::Value& body);

 private:
  struct Session;
  base::Result<Response> exchange(Method method, const std::string& target, const std::string& body);
  Response exchange_once(Method method, const std::string& target, const std::string& body);

  std::string token_;
  std::unique_ptr<Session> session_;
};

}  // namespace rollcall::http
