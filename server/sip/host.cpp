// SPDX-License-Identifier: Apache-2.0
#include "host.hpp"

#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::sip {

namespace {

/// domainlabel: letters, digits and hyphens, no hyphen at either end.
bool is_label(std::string_view label) {
  return !label.empty() && label.front() != '-' && label.back() != '-' && all_in(label, host_chars);
}

/// hostname: labels between dots. The last one needs a letter, and not only as its first character
/// as §25.1 has it: the DNS allows digits there, and containers are named so.
bool is_hostname(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  for (;;) {
    const auto dot = text.find('.');
    const auto label = text.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return !all_in(label, digit_chars);
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_host(std::string_view text) {
  if (text.starts_with('[')) return text.ends_with(']') && Endpoint::parse(text, 0).has_value();
  if (is_hostname(text)) return true;
  // Without a bracket only IPv4 is left: a colon would be the port's (RFC 5118 §4.2).
  return all_in(text, host_chars) && Endpoint::parse(text, 0).has_value();
}

std::string_view take_host(Scanner& in) {
  const char* from = in.position();
  if (in.next_is('[')) {
    if (!in.take_until(']')) return {};
    in.take(']');
  } else {
    in.take_all(host_chars);
  }
  const auto host = in.since(from);
  return is_host(host) ? host : std::string_view{};
}

std::optional<std::uint16_t> take_port(Scanner& in) {
  const auto number = parse_number(in.take_all(digit_chars));
  if (!number || *number == 0 || *number > 65'535) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

}  // namespace rollcall::sip
