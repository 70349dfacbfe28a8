// SPDX-License-Identifier: Apache-2.0
#include "message.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <rollcall/base/ids.hpp>
#include <rollcall/sip/digest.hpp>
#include <rollcall/sip/headers/media_type.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

namespace rollcall::messaging {

namespace {

using sip::Header;

// What is sent again beside From, To, Date and the type: what describes the content.
constexpr Header kept_headers[] = {Header::content_encoding, Header::content_disposition, Header::content_language,
                                   Header::subject,          Header::priority,            Header::in_reply_to,
                                   Header::reply_to,         Header::mime_version};

constexpr std::string_view momentary_types[] = {"application/im-iscomposing+xml", "message/imdn+xml"};

// The value without its parameters: a new request brings a tag of its own.
std::string party_without_tag(const sip::Message& message, Header id) {
  const auto party = sip::NameAddr::parse(message.first(id).value_or(""));
  if (!party) return "";
  const std::string_view name = party->display_name;
  return name.empty() ? fmt::format("<{}>", party->uri.text) : fmt::format("{} <{}>", name, party->uri.text);
}

std::int64_t seconds_to_keep(const sip::Message& message, const base::Limits& limits) {
  const std::int64_t most = limits.waiting_days * 86'400;
  const auto wished = sip::parse_number(message.first(Header::expires).value_or(""));
  return wished ? std::min<std::int64_t>(*wished, most) : most;
}

int hops_left(const sip::Message& message) {
  const auto hops = sip::parse_number(message.first(Header::max_forwards).value_or(""));
  return hops ? static_cast<int>(std::min<std::uint32_t>(*hops, 255)) - 1 : 70;
}

}  // namespace

std::optional<sip::Reply> check_message(const sip::Message& message, const base::Limits& limits) {
  if (message.body().size() > static_cast<std::size_t>(limits.message_content_bytes))
    return sip::Reply(413, "Request Entity Too Large: a message holds at most " +
                               std::to_string(limits.message_content_bytes) + " bytes");
  const auto type = message.first(Header::content_type);
  if (!type && !message.body().empty()) return sip::Reply(400, "Bad Request: a body without Content-Type");
  if (type && !sip::MediaType::parse(*type)) return sip::Reply(400, "Bad Request: malformed Content-Type");
  return std::nullopt;
}

bool is_storable(const sip::Message& message) {
  if (sip::parse_number(message.first(Header::expires).value_or("")) == 0) return false;
  const auto type = sip::MediaType::parse(message.first(Header::content_type).value_or(""));
  return !type || std::none_of(std::begin(momentary_types), std::end(momentary_types),
                               [&](std::string_view momentary) { return type->is(momentary); });
}

std::string fingerprint_of(const sip::Message& message) {
  const auto from = sip::NameAddr::parse(message.first(Header::from).value_or(""));
  return sip::sign("", "message", fmt::format("{}\n{}\n{}", message.first(Header::call_id).value_or(""),
                                              message.first(Header::cseq).value_or(""), from ? from->tag() : ""));
}

model::StoredMessage stored_of(const engine::Request& request, const sip::Aor& receiver,
                               std::vector<std::string> devices, const base::Limits& limits, base::Instant now) {
  const sip::Message& message = *request.message;
  model::StoredMessage stored;
  stored.receiver = receiver;
  stored.id = base::time_ordered_id(now);
  stored.from = party_without_tag(message, Header::from);
  stored.to = party_without_tag(message, Header::to);
  stored.content_type = message.first(Header::content_type).value_or("");
  for (const sip::Message::Field& field : message.fields())
    if (std::find(std::begin(kept_headers), std::end(kept_headers), field.id) != std::end(kept_headers))
      stored.headers += fmt::format("{}: {}\r\n", sip::name_of(field.id), field.value);
  stored.body = message.body();
  stored.fingerprint = fingerprint_of(message);
  stored.stored = now;
  stored.expires = now + std::chrono::seconds(seconds_to_keep(message, limits));
  stored.devices = std::move(devices);
  return stored;
}

std::string forwarded_head(const engine::Request& request, const model::Binding& binding, std::string_view via) {
  sip::Forward forward;
  forward.request_uri = binding.contact;
  forward.via = via;
  forward.routes = binding.path;
  forward.max_forwards = hops_left(*request.message);
  forward.source = request.flow.remote;
  forward.drop_authorization = true;
  std::string bytes = sip::write_forward(*request.message, forward);
  bytes.resize(bytes.size() - request.message->body().size());  // the body is sent beside it
  return bytes;
}

std::string stored_head(const model::StoredMessage& message, const model::Binding& binding, const std::string& tag,
                        std::string_view via) {
  sip::Writer writer;
  writer.request_line("MESSAGE", binding.contact).header(Header::via, via);
  for (const std::string& path : binding.path) writer.header(Header::route, path);
  writer.header(Header::max_forwards, 70)
      .header(Header::from, message.from + ";tag=" + tag)
      .header(Header::to, message.to)
      .header(Header::call_id, message.id)
      .header(Header::cseq, "1 MESSAGE")
      .header(Header::date, base::to_sip_date(message.stored));
  if (!message.content_type.empty()) writer.header(Header::content_type, message.content_type);
  for (std::size_t begin = 0; begin < message.headers.size();) {
    const std::size_t end = message.headers.find("\r\n", begin);
    const std::string_view line = std::string_view(message.headers).substr(begin, end - begin);
    const std::size_t colon = line.find(": ");
    writer.header(line.substr(0, colon), line.substr(colon + 2));
    begin = end + 2;
  }
  return writer.end(message.body.size()).take();
}

}  // namespace rollcall::messaging
