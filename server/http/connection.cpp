// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include "serialize.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <rollcall/base/log.hpp>

namespace rollcall::http {

namespace {

constexpr base::Log log{"http"};
constexpr std::string_view end_of_head = "\r\n\r\n";

/// A line that ends in LF alone: some would see the end of the head in it where others do not.
bool has_bare_line_feed(std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1))
    if (at == 0 || bytes[at - 1] != '\r') return true;
  return false;
}

}  // namespace

Connection::Connection(const Poco::Net::StreamSocket& socket, Router& router, const ServerSettings& settings,
                       Visitors& visitors)
    : TCPServerConnection(socket),
      router_(router),
      settings_(settings),
      visitors_(visitors),
      channel_(socket),
      peer_(socket.peerAddress().host().toString()) {}

Connection::~Connection() {
  visitors_.leave(socket());
}

void Connection::run() {
  while (!visitors_.is_closing() && serve_one()) {
  }
}

/// RFC 9112 §9.3: true when the connection stays open for another request.
bool Connection::serve_one() {
  auto bytes = read_head();
  if (std::holds_alternative<Gone>(bytes)) return false;
  if (const auto* problem = std::get_if<Problem>(&bytes)) return refuse(*problem);
  auto head = parse_head(std::get<std::string>(bytes));
  if (const auto* problem = std::get_if<Problem>(&head)) return refuse(*problem);
  return exchange(std::get<Head>(head));
}

/// RFC 9112 §9.3: who is silent gives the thread back soon when others wait for one.
bool Connection::wait_for_request() {
  constexpr base::Duration look = std::chrono::milliseconds(100);
  const Deadline deadline(settings_.idle_time);
  while (channel_.buffer().empty()) {
    const Channel::Fill fill = channel_.fill(Deadline(std::min(look, deadline.left())));
    if (fill == Channel::Fill::end) return false;
    const bool is_unwelcome = deadline.left().count() <= 0 || (has_served_ && visitors_.is_crowded());
    if (fill == Channel::Fill::late && is_unwelcome) return false;
  }
  return true;
}

std::variant<std::string, Problem, Connection::Gone> Connection::read_head() {
  if (!wait_for_request()) return Gone{};
  const Deadline deadline(settings_.head_time);
  while (true) {
    // RFC 9112 §2.2: an empty line before the request line is passed over.
    if (channel_.buffer().substr(0, 2) == "\r\n") channel_.take(2);
    const std::string_view bytes = channel_.buffer();
    const std::size_t end = bytes.find(end_of_head);
    if (has_bare_line_feed(bytes.substr(0, end))) return Problem{400, "a line ends in LF alone", {}};
    const std::size_t size = end == std::string_view::npos ? bytes.size() : end + end_of_head.size();
    if (size > settings_.head_bytes) return Problem{431, "the header fields are too long", {}};
    if (end != std::string_view::npos) return channel_.take(size);
    const Channel::Fill fill = channel_.fill(deadline);
    if (fill == Channel::Fill::end) return Gone{};
    if (fill == Channel::Fill::late) return Problem{408, "the request did not arrive in time", {}};
  }
}

/// From an accepted head to the answer: find the row, check who asks, read the body, call.
bool Connection::exchange(Head& head) {
  Request& request = head.request;
  request.peer = peer_;
  const auto admission = router_.admit(request, base::now());
  if (const auto* response = std::get_if<Response>(&admission))
    return respond(request, *response, head.keep_alive && !head.has_body());

  const Route& route = *std::get<const Route*>(admission);
  if (head.expects_continue && head.has_body() && head.length <= route.body_limit &&
      !channel_.send("HTTP/1.1 100 Continue\r\n\r\n", Deadline(settings_.write_time)))
    return false;
  auto body = read_body(channel_, head, route.body_limit, Deadline(settings_.body_time));
  if (const auto* problem = std::get_if<Problem>(&body)) return refuse(*problem);
  request.body = std::get<std::string>(std::move(body));
  // After chunks the connection is not used again: nothing depends on having found their end.
  return respond(request, Router::call(route, request), head.keep_alive && !head.chunked);
}

bool Connection::respond(const Request& request, const Response& response, bool keep) {
  const bool stays = keep && !visitors_.is_closing();
  has_served_ = true;
  const bool is_read = request.method == Method::get || request.method == Method::head;
  // What changes something is worth a line: it is the trail of the administrators.
  if (is_read) {
    log.debug("request", base::kv("method", to_string(request.method)), base::kv("target", request.target),
              base::kv("status", response.status), base::kv("ip", peer_));
  } else {
    log.info("request", base::kv("method", to_string(request.method)), base::kv("target", request.target),
             base::kv("status", response.status), base::kv("ip", peer_));
  }
  const std::string bytes = serialize(response, request.method == Method::head, stays);
  if (!channel_.send(bytes, Deadline(settings_.write_time))) return false;
  if (!stays) channel_.close_gently();
  return stays;
}

bool Connection::refuse(const Problem& why) {
  log.debug("refused", base::kv("status", why.status), base::kv("reason", why.detail), base::kv("ip", peer_));
  if (channel_.send(serialize(problem(why), false, false), Deadline(settings_.write_time)))
    channel_.close_gently();
  return false;
}

}  // namespace rollcall::http
