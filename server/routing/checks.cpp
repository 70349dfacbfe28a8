// SPDX-License-Identifier: Apache-2.0
#include "checks.hpp"

#include <algorithm>

#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::routing {

namespace {

using sip::Header;

constexpr std::string_view extensions[] = {"path", "outbound", "eventlist", "recipient-list-subscribe"};

bool is_supported(std::string_view tag) {
  return std::any_of(std::begin(extensions), std::end(extensions),
                     [&](std::string_view known) { return sip::equal_ignoring_case(known, tag); });
}

}  // namespace

std::string supported_extensions() {
  std::string value;
  for (const std::string_view tag : extensions)
    value.append(value.empty() ? "" : ", ").append(tag);
  return value;
}

std::optional<sip::Reply> check_scheme(const sip::Message& message) {
  const auto& uri = message.target();
  if (!uri || (uri->scheme != sip::Scheme::sips && uri->scheme != sip::Scheme::tel)) return std::nullopt;
  return sip::Reply(416, "Unsupported URI Scheme: sip, im and pres are served");
}

std::optional<sip::Reply> check_method(const sip::Message& message) {
  if (row_of(message.method()).handling != Handling::none) return std::nullopt;
  // RFC 6665 §4.1.3: a NOTIFY for a subscription that we did not make.
  if (message.method() == sip::Method::notify) return sip::Reply(481, "Subscription Does Not Exist");
  return sip::Reply(405).with(Header::allow, allowed_methods());
}

std::optional<sip::Reply> check_extensions(const sip::Message& message, Handling handling) {
  std::string unsupported;
  const auto collect = [&](Header header) {
    for (const std::string_view tag : message.values(header))
      if (!is_supported(tag)) unsupported.append(unsupported.empty() ? "" : ", ").append(tag);
  };
  collect(Header::proxy_require);
  if (handling == Handling::server) collect(Header::require);
  if (unsupported.empty()) return std::nullopt;
  return sip::Reply(420).with(Header::unsupported, unsupported);
}

std::optional<sip::Reply> check_max_forwards(const sip::Message& message) {
  const auto hops = message.first(Header::max_forwards);
  if (hops && sip::parse_number(*hops) == 0) return sip::Reply(483);
  return std::nullopt;
}

}  // namespace rollcall::routing
