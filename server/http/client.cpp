// SPDX-License-Identifier: Apache-2.0
#include <rollcall/http/client.hpp>
#include <rollcall/http/text.hpp>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <fmt/format.h>

namespace rollcall::http {

namespace {

std::string target_of(const Request& request) {
  std::string target;
  for (const std::string& segment : request.segments)
    target += "/" + percent_encode(segment);
  if (target.empty()) target = "/";
  char separator = '?';
  for (const NamedText& parameter : request.query) {
    target +=
        fmt::format("{}{}={}", separator, percent_encode(parameter.name), percent_encode(parameter.value));
    separator = '&';
  }
  return target;
}

}  // namespace

struct Client::Session {
  Session(const std::string& host, std::uint16_t port, base::Duration patience) : http(host, port) {
    http.setTimeout(Poco::Timespan(patience.count()));
    http.setKeepAlive(true);
    // Shorter than servers wait: a connection that they are about to close is not used again.
    http.setKeepAliveTimeout(Poco::Timespan(2, 0));
  }
  Poco::Net::HTTPClientSession http;
};

Client::Client(const std::string& host, std::uint16_t port, std::string token, base::Duration patience)
    : token_(std::move(token)), session_(std::make_unique<Session>(host, port, patience)) {}

Client::~Client() = default;

base::Result<Response> Client::ask(const Request& request) {
  try {
    return exchange(request);
  } catch (const Poco::Exception& error) {
    session_->http.reset();
    return base::unavailable(fmt::format("no answer from {}:{}: {}", session_->http.getHost(),
                                         session_->http.getPort(), error.displayText()));
  }
}

Response Client::exchange(const Request& request) {
  Poco::Net::HTTPRequest question(std::string(to_string(request.method)), target_of(request),
                                  Poco::Net::HTTPMessage::HTTP_1_1);
  if (!token_.empty()) question.set("Authorization", "Bearer " + token_);
  for (const NamedText& header : request.headers)
    question.set(header.name, header.value);
  question.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
  session_->http.sendRequest(question) << request.body;
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
