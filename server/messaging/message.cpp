// SPDX-License-Identifier: Apache-2.0
#include "message.hpp"

#include <algorithm>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>

#include <rollcall/base/ids.hpp>
#include <rollcall/registrar/destination.hpp>
#include <rollcall/sip/digest.hpp>
#include <rollcall/sip/headers/media_type.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

#include <fmt/format.h>

namespace rollcall::messaging {

namespace {

using sip::Header;

// What is sent again beside From, To and the type: what describes the content. And Date and Expires,
// see is_kept().
constexpr Header kept_headers[] = {
    Header::content_encoding, Header::content_disposition, Header::content_language, Header::subject,
    Header::priority,         Header::in_reply_to,         Header::reply_to,         Header::mime_version};

constexpr std::string_view momentary_types[] = {"application/im-iscomposing+xml", "message/imdn+xml"};

// The value without its parameters: a new request brings a tag of its own.
std::string party_without_tag(const sip::Message& message, Header id) {
  const auto& party = id == Header::from ? message.from() : message.to();
  if (!party) return "";
  const std::string_view name = party->display_name;
  return name.empty() ? fmt::format("<{}>", party->uri.text) : fmt::format("{} <{}>", name, party->uri.text);
}

bool has_date(const std::string& lines) {
  return lines.starts_with("Date: ") || lines.find("\r\nDate: ") != std::string::npos;
}

// RFC 3261 §20.17: "Sat, 13 Nov 2010 23:29:00 GMT". Another time zone is none of SIP's.
std::optional<base::Instant> read_date(std::string_view text) {
  if (!text.ends_with("GMT")) return std::nullopt;
  std::tm time{};
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  if (!(in >> std::get_time(&time, "%a, %d %b %Y %H:%M:%S"))) return std::nullopt;
  return base::Instant(std::chrono::seconds(timegm(&time)));
}

// RFC 3428 §7: Expires counts from Date, or from when the message came. Ours is the most.
base::Instant expiry_of(const engine::Request& request, const base::Limits& limits) {
  const sip::Message& message = *request.message;
  const base::Instant most = request.received + std::chrono::hours(24 * std::int64_t{limits.waiting_days});
  const auto wished = sip::parse_number(message.first(Header::expires).value_or(""));
  if (!wished) return most;
  const auto date = read_date(message.first(Header::date).value_or(""));
  return std::min(date.value_or(request.received) + std::chrono::seconds(*wished), most);
}

// RFC 3862 §2: the headers of the message, an empty line, those of what it wraps, among them its type.
std::string_view wrapped_type(std::string_view body) {
  const std::size_t end = body.find("\r\n\r\n");
  body.remove_prefix(end == std::string_view::npos ? body.size() : end + 4);
  while (!body.empty() && !body.starts_with("\r\n")) {
    const std::string_view line = body.substr(0, body.find("\r\n"));
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && sip::equal_ignoring_case(line.substr(0, colon), "Content-Type"))
      return line.substr(colon + 1);
    body.remove_prefix(std::min(line.size() + 2, body.size()));
  }
  return {};
}

// Is it about this moment only? Reports of delivery (RFC 5438) mostly come wrapped.
bool is_momentary(const sip::Message& message) {
  auto type = sip::MediaType::parse(message.first(Header::content_type).value_or(""));
  if (type && type->is("message/cpim")) type = sip::MediaType::parse(wrapped_type(message.body()));
  return type && std::any_of(std::begin(momentary_types), std::end(momentary_types),
                             [&](std::string_view momentary) { return type->is(momentary); });
}

// A Date or Expires that cannot be read would only mislead the device.
bool is_kept(const sip::Message::Field& field) {
  if (field.id == Header::date) return read_date(field.value).has_value();
  if (field.id == Header::expires) return sip::parse_number(field.value).has_value();
  return std::find(std::begin(kept_headers), std::end(kept_headers), field.id) != std::end(kept_headers);
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

std::optional<sip::Reply> check_required(const sip::Message& message) {
  std::string required;
  for (const std::string_view tag : message.values(Header::require))
    required.append(required.empty() ? "" : ", ").append(tag);
  if (required.empty()) return std::nullopt;
  return sip::Reply(420).with(Header::unsupported, required);
}

bool is_storable(const engine::Request& request, const base::Limits& limits) {
  return expiry_of(request, limits) > request.received && !is_momentary(*request.message) &&
         !request.message->has(Header::require);
}

std::string fingerprint_of(const sip::Message& message) {
  const auto& from = message.from();
  std::string text(message.first(Header::call_id).value_or(""));
  text.append("\n").append(message.first(Header::cseq).value_or(""));
  return sip::fingerprint(text.append("\n").append(from ? from->tag() : ""));
}

model::StoredMessage stored_of(const engine::Request& request, const sip::Aor& receiver,
                               std::vector<std::string> devices, const base::Limits& limits) {
  const sip::Message& message = *request.message;
  model::StoredMessage stored;
  stored.receiver = receiver;
  stored.id = base::time_ordered_id(request.received);
  stored.from = party_without_tag(message, Header::from);
  stored.to = party_without_tag(message, Header::to);
  stored.content_type = message.first(Header::content_type).value_or("");
  for (const sip::Message::Field& field : message.fields())
    if (is_kept(field)) stored.headers += fmt::format("{}: {}\r\n", sip::name_of(field.id), field.value);
  stored.body = message.body();
  stored.fingerprint = fingerprint_of(message);
  stored.stored = request.received;
  stored.expires = expiry_of(request, limits);
  stored.devices = std::move(devices);
  return stored;
}

// A Contact may hold what a Request-URI must not (RFC 3261 §19.1.1).
Hop hop_to(const model::Binding& binding) {
  const auto uri = sip::Uri::parse(binding.contact);
  return {registrar::destination_of(binding), uri ? sip::as_request_uri(*uri) : binding.contact.str(),
          binding.path};
}

sip::Unsent forwarded_head(const engine::Request& request, const Hop& hop) {
  sip::Forward forward;
  forward.request_uri = hop.request_uri;
  forward.routes = hop.routes;
  forward.max_forwards = hops_left(*request.message);
  forward.source = request.flow.remote;
  forward.drop_authorization = true;
  return sip::write_forward(*request.message, forward, false);
}

sip::Unsent stored_head(const model::StoredMessage& message, const Hop& hop, const std::string& tag) {
  sip::Writer writer;
  writer.request_line("MESSAGE", hop.request_uri).open_via();
  for (const std::string& route : hop.routes)
    writer.header(Header::route, route);
  writer.header(Header::max_forwards, 70)
      .header(Header::from, message.from + ";tag=" + tag)
      .header(Header::to, message.to)
      .header(Header::call_id, message.id)
      .header(Header::cseq, "1 MESSAGE");
  if (!has_date(message.headers)) writer.header(Header::date, base::to_sip_date(message.stored));
  if (!message.content_type.empty()) writer.header(Header::content_type, message.content_type);
  for (std::size_t begin = 0; begin < message.headers.size();) {
    const std::size_t end = message.headers.find("\r\n", begin);
    const std::string_view line = std::string_view(message.headers).substr(begin, end - begin);
    const std::size_t colon = line.find(": ");
    writer.header(line.substr(0, colon), line.substr(colon + 2));
    begin = end + 2;
  }
  return writer.end(message.body.size()).take_unsent();
}

}  // namespace rollcall::messaging
