// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.hpp"
#include "channel.hpp"
#include "head.hpp"
#include "visitors.hpp"

#include <cstdint>
#include <string>
#include <variant>

#include <rollcall/http/route.hpp>
#include <rollcall/http/server.hpp>

#include <Poco/Net/TCPServerConnection.h>

namespace rollcall::http {

/// One client: reads a request, has it answered, and again, as long as the connection may be kept.
/// Lives on one thread of the server.
class Connection final : public Poco::Net::TCPServerConnection {
 public:
  Connection(const Poco::Net::StreamSocket& socket, Router& router, const ServerSettings& settings,
             Visitors& visitors);
  ~Connection() override;

  void run() override;

 private:
  struct Gone {};  // there is nobody to answer

  bool serve_one();
  bool wait_for_request();
  std::variant<std::string, Problem, Gone> read_head();
  bool exchange(Head& head);
  bool respond(const Request& request, const Response& response, bool keep);
  bool refuse(const Problem& problem);

  Router& router_;
  const ServerSettings& settings_;
  Visitors& visitors_;
  Channel channel_;
  bool has_served_ = false;  // any request
  std::string peer_;
};

}  // namespace rollcall::http
