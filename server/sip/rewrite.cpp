// SPDX-License-Identifier: Apache-2.0
// Messages made out of others: answers, forwarded requests and responses, ACK and CANCEL.
#include <functional>

#include <rollcall/sip/headers/auth.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/name_addr.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/status.hpp>
#include <rollcall/sip/uri.hpp>
#include <rollcall/sip/writer.hpp>

#include <fmt/format.h>

namespace rollcall::sip {

namespace {

constexpr std::string_view max_breadth = "Max-Breadth";

const Message::Field* first_field(const Message& message, Header id) {
  for (const auto& field : message.fields()) {
    if (field.id == id) return &field;
  }
  return nullptr;
}

/// One Via value with received and rport filled in (RFC 3261 §18.2.1, RFC 3581 §4); nullopt when it
/// stays as it is. A received that the sender wrote itself is not believed.
std::optional<std::string> stamped(const std::optional<Via>& via, const Endpoint& source) {
  if (!via) return std::nullopt;
  // A value that the sender wrote itself says nothing that we do not see better.
  const bool asked = via->params.has("rport");
  const auto sent_by = Endpoint::parse(via->host, 0);
  const bool elsewhere = !sent_by || !sent_by->same_address(source);
  if (!asked && !elsewhere && !via->params.has("received")) return std::nullopt;

  const auto head = via->text.size() - via->params.text().size();
  std::string text;
  text.reserve(via->text.size() + 40);
  text.append(trim(via->text.substr(0, head)));
  for (auto param = via->params.cursor(); param.next();) {
    if (equal_ignoring_case(param.name, "received")) continue;
    if (asked && equal_ignoring_case(param.name, "rport")) {
      text.append(";rport=").append(std::to_string(source.port()));
      continue;
    }
    text.append(";").append(param.name);
    if (!param.value.empty()) text.append("=").append(param.value);
  }
  if (asked || elsewhere) text.append(";received=").append(source.bare_host());
  return text;
}

/// All Via fields, the topmost value stamped with where the request came from.
void write_vias(Writer& writer, const Message& request, const Endpoint& source) {
  bool topmost = true;
  for (const auto& field : request.fields()) {
    if (field.id != Header::via) continue;
    ListCursor list(field.value);
    const auto value = topmost ? list.next() : std::nullopt;
    const auto text = value ? stamped(request.via(), source) : std::nullopt;
    topmost = topmost && !value;
    if (!text) {
      writer.copy(field);
      continue;
    }
    writer.header(Header::via, *text);
    while (const auto lower = list.next())
      writer.header(Header::via, *lower);
  }
}

/// The Via fields without the topmost value.
void write_lower_vias(Writer& writer, const Message& response) {
  bool topmost = true;
  for (const auto& field : response.fields()) {
    if (field.id != Header::via) continue;
    if (!topmost) {
      writer.copy(field);
      continue;
    }
    ListCursor list(field.value);
    topmost = !list.next();
    while (const auto lower = list.next())
      writer.header(Header::via, *lower);
  }
}

void copy_first(Writer& writer, const Message& from, Header id) {
  if (const auto* field = first_field(from, id)) writer.copy(*field);
}

void write_to(Writer& writer, const Message& request, std::string_view tag) {
  const auto* field = first_field(request, Header::to);
  if (field == nullptr) return;
  const auto& to = request.to();
  const bool tagged = tag.empty() || (to && to->params.has("tag"));
  writer.copy(*field, tagged ? "" : ";tag=", tagged ? "" : tag);
}

/// The topmost Via value, as the request went out with it.
std::string_view top_via(const Message& message) {
  const auto vias = message.first(Header::via);
  return vias ? ListCursor(*vias).next().value_or("") : "";
}

std::string cseq_with(const Message& request, std::string_view method) {
  const auto& cseq = request.cseq();
  return fmt::format("{} {}", cseq ? cseq->number : 0, method);
}

/// What ACK and CANCEL have in common: they are for the one hop that the INVITE went to.
std::string write_hop_request(const Message& invite, const Message& to_from, std::string_view method) {
  Writer writer;
  writer.request_line(method, invite.request_uri());
  writer.header(Header::via, top_via(invite));
  writer.header(Header::max_forwards, 70);
  writer.copy(invite, Header::route);
  writer.copy(invite, Header::from);
  writer.copy(to_from, Header::to);
  writer.copy(invite, Header::call_id);
  writer.header(Header::cseq, cseq_with(invite, method));
  writer.body("");
  return writer.take();
}

/// Credentials that were meant for us, not for the next hop.
bool is_ours(const Message::Field& field, const Forward& forward) {
  if (field.id != Header::authorization && field.id != Header::proxy_authorization) return false;
  if (!forward.drop_authorization) return false;
  if (forward.realm.empty()) return true;
  const auto credentials = DigestCredentials::parse(field.value);
  return credentials && equal_ignoring_case(credentials->realm, forward.realm);
}

/// Fields that write_forward writes itself.
bool is_rewritten(const Message::Field& field, const Forward& forward) {
  const Header id = field.id;
  if (id == Header::other) return forward.max_breadth > 0 && equal_ignoring_case(field.name, max_breadth);
  return id == Header::via || id == Header::route || id == Header::record_route ||
         id == Header::max_forwards || id == Header::content_length;
}

/// RFC 3261 §12.1.1; never in an answer to REGISTER (§10.3) or PUBLISH (RFC 3903 §6).
bool takes_record_route(const Message& request, int status) {
  if (request.method() == Method::register_ || request.method() == Method::publish) return false;
  return status > 100 && status < 300;
}

}  // namespace

std::string write_reply(const Message& request, const Reply& reply, std::string_view to_tag,
                        const Endpoint& source) {
  Writer writer;
  writer.status_line(reply.status, reply.reason.empty() ? reason_phrase(reply.status) : reply.reason);
  write_vias(writer, request, source);
  copy_first(writer, request, Header::from);
  write_to(writer, request, reply.status == 100 ? "" : to_tag);
  copy_first(writer, request, Header::call_id);
  copy_first(writer, request, Header::cseq);
  if (takes_record_route(request, reply.status)) writer.copy(request, Header::record_route);
  // §8.2.6.1.
  if (reply.status == 100) writer.copy(request, Header::timestamp);
  for (const auto& [id, value] : reply.headers)
    writer.header(id, value);
  writer.header(Header::server, product);
  writer.body(reply.body);
  return writer.take();
}

std::string write_stateless_reply(const Message& request, const Reply& reply, const Endpoint& source) {
  const std::string tag = fmt::format("{:x}", std::hash<std::string_view>{}(request.bytes()));
  return write_reply(request, reply, tag, source);
}

std::string write_restored(const Message& request) {
  const auto routes = request.values(Header::route);
  const auto last =
      routes.empty() ? base::Result<NameAddr>(base::not_found("no Route")) : NameAddr::parse(routes.back());
  if (!last) return "";
  Writer writer;
  writer.request_line(request.method_name(), as_request_uri(last->uri));
  for (const auto& field : request.fields()) {
    if (field.id != Header::route && field.id != Header::content_length) writer.copy(field);
  }
  for (std::size_t i = 0; i + 1 < routes.size(); ++i)
    writer.header(Header::route, routes[i]);
  writer.body(request.body());
  return writer.take();
}

Unsent write_forward(const Message& request, const Forward& forward, bool with_body) {
  Writer writer;
  writer.request_line(request.method_name(), forward.request_uri);
  writer.open_via();
  write_vias(writer, request, forward.source);
  for (const auto& route : forward.record_routes)
    writer.header(Header::record_route, route);
  writer.copy(request, Header::record_route);
  for (const auto& route : forward.routes)
    writer.header(Header::route, route);
  writer.header(Header::max_forwards, forward.max_forwards);
  if (forward.max_breadth > 0) writer.header(max_breadth, std::to_string(forward.max_breadth));
  for (const auto& field : request.fields()) {
    if (!is_rewritten(field, forward) && !is_ours(field, forward)) writer.copy(field);
  }
  writer.end(request.body().size());
  if (with_body) writer.append(request.body());
  return writer.take_unsent();
}

std::string write_backward(const Message& response, std::span<const std::pair<Header, std::string>> added) {
  Writer writer;
  writer.status_line(response.status(), response.reason());
  write_lower_vias(writer, response);
  for (const auto& field : response.fields()) {
    if (field.id != Header::via && field.id != Header::content_length) writer.copy(field);
  }
  for (const auto& [id, value] : added)
    writer.header(id, value);
  writer.body(response.body());
  return writer.take();
}

std::string write_ack(const Message& invite, const Message& response) {
  return write_hop_request(invite, response, "ACK");
}

std::string write_cancel(const Message& invite) {
  return write_hop_request(invite, invite, "CANCEL");
}

}  // namespace rollcall::sip
