// SPDX-License-Identifier: Apache-2.0
#include "scanner.hpp"

#include <algorithm>
#include <cstring>

#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/headers/params.hpp>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace rollcall::sip {

namespace {

using Address = std::array<std::uint8_t, 16>;

struct TransportRow {
  Transport transport;
  std::string_view name;
};

// In the order of the enum.
constexpr TransportRow transports[] = {
    {Transport::udp, "UDP"}, {Transport::tcp, "TCP"}, {Transport::tls, "TLS"},
    {Transport::ws, "WS"},   {Transport::wss, "WSS"},
};

constexpr std::uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// Four decimal numbers up to 255, of at most three digits each (§25.1).
std::optional<Address> parse_v4(std::string_view text) {
  Address address{};
  std::copy(std::begin(v4_prefix), std::end(v4_prefix), address.begin());
  Scanner in(text);
  for (std::size_t i = 12; i < 16; ++i) {
    if (i > 12 && !in.take('.')) return std::nullopt;
    const auto digits = in.take_all(digit_chars);
    const auto number = parse_number(digits);
    if (!number || digits.size() > 3 || *number > 255) return std::nullopt;
    address[i] = static_cast<std::uint8_t>(*number);
  }
  if (!in.at_end()) return std::nullopt;
  return address;
}

std::optional<Address> parse_v6(std::string_view text) {
  char copy[48];
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // The grammar of RFC 3261 can yield a third colon before an IPv4 part (RFC 5118 §4.10).
    if (text.substr(i).starts_with(":::")) continue;
    if (length + 1 == sizeof copy || text[i] == '\0') return std::nullopt;
    copy[length++] = text[i];
  }
  copy[length] = '\0';
  Address address{};
  if (inet_pton(AF_INET6, copy, address.data()) != 1) return std::nullopt;
  return address;
}

/// "host:port" with an IP literal, as Endpoint::to_string() writes it.
std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_number(text.substr(colon + 1));
  if (!port || *port > 65'535) return std::nullopt;
  const auto host = text.substr(0, colon);
  if (host.find(':') != std::string_view::npos && !host.starts_with('[')) return std::nullopt;
  return Endpoint::parse(host, static_cast<std::uint16_t>(*port));
}

}  // namespace

std::string_view to_string(Transport transport) {
  return transports[static_cast<std::size_t>(transport)].name;
}

std::optional<Transport> transport_of(std::string_view name) {
  for (const auto& row : transports) {
    if (equal_ignoring_case(row.name, name)) return row.transport;
  }
  return std::nullopt;
}

std::optional<Endpoint> Endpoint::parse(std::string_view host, std::uint16_t port) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool v6 = host.find(':') != std::string_view::npos;
  if (bracketed && !v6) return std::nullopt;
  const auto address = v6 ? parse_v6(host) : parse_v4(host);
  if (!address) return std::nullopt;
  return Endpoint(*address, port);
}

bool Endpoint::is_v4() const {
  return std::memcmp(address_.data(), v4_prefix, sizeof v4_prefix) == 0;
}

bool Endpoint::is_unspecified() const {
  const auto from = address_.begin() + (is_v4() ? 12 : 0);
  return std::all_of(from, address_.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool Endpoint::is_loopback() const {
  if (is_v4()) return address_[12] == 127;
  return address_.back() == 1 &&
         std::all_of(address_.begin(), address_.end() - 1, [](std::uint8_t byte) { return byte == 0; });
}

std::string Endpoint::bare_host() const {
  if (is_v4()) return fmt::format("{}.{}.{}.{}", address_[12], address_[13], address_[14], address_[15]);
  char text[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, address_.data(), text, sizeof text);
  return text;
}

std::string Endpoint::host() const {
  return is_v4() ? bare_host() : '[' + bare_host() + ']';
}

std::string Endpoint::to_string() const {
  return fmt::format("{}:{}", host(), port_);
}

std::string Flow::to_string() const {
  std::string name(sip::to_string(transport));
  std::transform(name.begin(), name.end(), name.begin(), lower);
  return fmt::format("{}:{}>{}", name, local.to_string(), remote.to_string());
}

base::Result<Flow> Flow::parse(std::string_view text) {
  const auto colon = text.find(':');
  const auto arrow = text.find('>');
  if (colon == std::string_view::npos || arrow == std::string_view::npos || arrow < colon) {
    return base::malformed("a flow has the form transport:local>remote");
  }
  const auto transport = transport_of(text.substr(0, colon));
  const auto local = parse_endpoint(text.substr(colon + 1, arrow - colon - 1));
  const auto remote = parse_endpoint(text.substr(arrow + 1));
  if (!transport || !local || !remote) return base::malformed("a flow with a broken part");
  Flow flow;
  flow.transport = *transport;
  flow.local = *local;
  flow.remote = *remote;
  return flow;
}

}  // namespace rollcall::sip
