// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <optional>

#include <rollcall/net/listen.hpp>

#include <fmt/format.h>

namespace rollcall::net {

namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

base::Error wrong(std::string_view text, std::string_view why) {
  return base::malformed(fmt::format("{}: {}", text, why));
}

}  // namespace

std::string Listen::to_string() const {
  return fmt::format("{}:{}", transport == sip::Transport::udp ? "udp" : "tcp", address.to_string());
}

base::Result<std::vector<Listen>> parse_listen(std::string_view text) {
  const auto first = text.find(':');
  const auto last = text.rfind(':');
  if (first == last) return wrong(text, "expected udp:HOST:PORT or tcp:HOST:PORT");

  const auto transport = sip::transport_of(text.substr(0, first));
  if (!transport) return wrong(text, "unknown transport");
  if (*transport != sip::Transport::udp && *transport != sip::Transport::tcp) {
    return base::Error{base::ErrorCode::unsupported, fmt::format("{}: only udp and tcp are served", text)};
  }
  const auto port = parse_port(text.substr(last + 1));
  if (!port) return wrong(text, "the port is not a number from 0 to 65535");

  const std::string_view host = text.substr(first + 1, last - first - 1);
  if (host == "*") {
    return std::vector{Listen{*transport, *sip::Endpoint::parse("0.0.0.0", *port)},
                       Listen{*transport, *sip::Endpoint::parse("::", *port)}};
  }
  if (host.find(':') != std::string_view::npos && host.front() != '[') {
    return wrong(text, "an IPv6 address stands in brackets");
  }
  const auto address = sip::Endpoint::parse(host, *port);
  if (!address) return wrong(text, "the host is not an IP address or *");
  return std::vector{Listen{*transport, *address}};
}

}  // namespace rollcall::net
