// SPDX-License-Identifier: Apache-2.0
// The values that must be sound before anything is done with a message.
#include "scanner.hpp"

#include <algorithm>

#include <rollcall/sip/headers/name_addr.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/status.hpp>
#include <rollcall/sip/uri.hpp>

#include <fmt/format.h>

namespace rollcall::sip {

namespace {

using Checked = base::Result<>;

template <class T>
Checked parses(std::string_view value) {
  auto parsed = T::parse(value);
  if (!parsed) return parsed.error();
  return base::Done{};
}

/// route-param and rec-route are a name-addr (RFC 3261 §25.1): the brackets are part of it.
Checked check_route(std::string_view value) {
  const auto route = NameAddr::parse(value);
  if (!route) return route.error();
  if (!route->bracketed) return base::malformed("a route needs angle brackets");
  return base::Done{};
}

Checked check_contact(std::string_view value) {
  if (value == "*") return base::Done{};
  return parses<NameAddr>(value);
}

/// callid = word [ "@" word ]
Checked check_call_id(std::string_view value) {
  Scanner in(value);
  const bool local = !in.take_all(word_chars).empty();
  if (!local || (in.take('@') && in.take_all(word_chars).empty()) || !in.at_end()) {
    return base::malformed("a character that it may not hold");
  }
  return base::Done{};
}

/// RFC 3261 §20.22.
Checked check_hops(std::string_view value) {
  const auto hops = parse_number(value);
  if (!hops || *hops > 255) return base::malformed("no number from 0 to 255");
  return base::Done{};
}

struct CheckRow {
  Header id;
  Checked (*check)(std::string_view value);
};

constexpr CheckRow rows[] = {
    {Header::via, parses<Via>},       {Header::from, parses<NameAddr>},    {Header::to, parses<NameAddr>},
    {Header::call_id, check_call_id}, {Header::max_forwards, check_hops},  {Header::contact, check_contact},
    {Header::route, check_route},     {Header::record_route, check_route},
};

Message::Defect defect(int status, std::string_view detail) {
  return {status, fmt::format("{}: {}", reason_phrase(status), detail)};
}

/// Every element of one field.
Checked check_field(const CheckRow& row, std::string_view value) {
  if (!row_of(row.id).list) return row.check(value);
  bool any = false;
  for (ListCursor list(value); const auto element = list.next();) {
    if (auto checked = row.check(*element); !checked) return checked;
    any = true;
  }
  if (!any) return base::malformed("no value");
  return base::Done{};
}

bool is_alone(const Message& message, Header id) {
  const auto is_it = [id](const Message::Field& field) { return field.id == id; };
  return std::count_if(message.fields().begin(), message.fields().end(), is_it) == 1;
}

/// One field with one value, which was read with the message.
bool is_read(const Message& message, Header id) {
  switch (id) {
    case Header::from:
      return message.from().has_value();
    case Header::to:
      return message.to().has_value();
    case Header::via:
      return message.via() && message.via()->text.size() == message.first(Header::via)->size() &&
             is_alone(message, Header::via);
    default:
      return false;
  }
}

std::optional<Message::Defect> check_values(const Message& message) {
  for (const auto& row : rows) {
    if (!message.has(row.id) || is_read(message, row.id)) continue;
    for (const auto& field : message.fields()) {
      if (field.id != row.id) continue;
      const auto checked = check_field(row, field.value);
      if (!checked) return defect(400, fmt::format("{}: {}", name_of(row.id), checked.error().detail));
    }
  }
  return std::nullopt;
}

/// RFC 3261 §8.2.2.1 and §19.1.1 table 1: no headers in a Request-URI.
std::optional<Message::Defect> check_target(const Message& request) {
  const auto text = request.request_uri();
  const auto& uri = request.target();
  if (text.starts_with('<')) return defect(400, "Request-URI: in angle brackets");
  if (!uri) return defect(400, fmt::format("Request-URI: {}", Uri::parse(text).error().detail));
  if (uri->scheme == Scheme::other) return defect(416, "only sip, sips, tel, im and pres are known");
  if (!uri->headers.empty()) return defect(400, "Request-URI: it may not hold headers");
  return std::nullopt;
}

}  // namespace

std::optional<Message::Defect> check_request(const Message& request) {
  if (request.defect()) return request.defect();
  if (auto fault = check_target(request)) return fault;
  return check_values(request);
}

std::optional<Message::Defect> check_response(const Message& response) {
  if (response.defect()) return response.defect();
  return check_values(response);
}

}  // namespace rollcall::sip
