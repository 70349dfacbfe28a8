// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include <rollcall/http/client.hpp>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <fmt/format.h>

namespace rollcall::http {

struct Client::Session {
  Session(const std::string& host, std::uint16_t port, base::Duration patience) : http(host, port) {
    http.setTimeout(Poco::Timespan(patience.count()));
    http.setKeepAlive(true);
    // Shorter than servers wait: a connection that they are about to close is not used again.
    http.setKeepAliveTimeout(Poco::Timespan(2, 0));
  }
  Poco::Net::HTTPClientSession http;
};

Client::Client(std::string host, std::uint16_t port, std::string token, base::Duration patience)
    : token_(std::move(token)), session_(std::make_unique<Session>(host, port, patience)) {}

Client::~Client() = default;

base::Result<Response> Client::ask(Method method, const std::string& target) {
  return exchange(method, target, "");
}

base::Result<Response> Client::ask(Method method, const std::string& target, const json::Value& body) {
  return exchange(method, target, json::write(body));
}

// POCO itself connects again when the server has closed a connection that was kept open.
base::Result<Response> Client::exchange(Method method, const std::string& target, const std::string& body) {
  try {
    return exchange_once(method, target, body);
  } catch (const Poco::Exception& error) {
    session_->http.reset();
    return base::unavailable(fmt::format("no answer from {}:{}: {}", session_->http.getHost(),
                                         session_->http.getPort(), error.displayText()));
  }
}

Response Client::exchange_once(Method method, const std::string& target, const std::string& body) {
  Poco::Net::HTTPRequest request(std::string(to_string(method)), target, Poco::Net::HTTPMessage::HTTP_1_1);
  if (!token_.empty()) request.set("Authorization", "Bearer " + token_);
  if (!body.empty()) request.setContentType("application/json");
  request.setContentLength64(static_cast<Poco::Int64>(body.size()));
  session_->http.sendRequest(request) << body;
  Poco::Net::HTTPResponse answer;
  std::istream& stream = session_->http.receiveResponse(answer);
  Response response;
  response.status = answer.getStatus();
  for (const auto& [name, value] : answer)
    response.headers.push_back({name, value});
  Poco::StreamCopier::copyToString(stream, response.body);
  return response;
}

}  // namespace rollcall::http
