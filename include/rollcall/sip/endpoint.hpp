// SPDX-License-Identifier: Apache-2.0
// Network addresses and flows as plain values. Nothing here opens a socket.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/base/result.hpp>

namespace rollcall::sip {

enum class Transport : std::uint8_t { udp, tcp, tls, ws, wss };

/// "UDP", "TCP", ... as in a Via header.
std::string_view to_string(Transport transport);
/// From a Via header or a transport parameter, in any case; nullopt when unknown.
std::optional<Transport> transport_of(std::string_view name);
/// TCP and what runs over it: ordered, with a connection.
constexpr bool is_stream(Transport transport) {
  return transport != Transport::udp;
}

/// An IPv4 or IPv6 address with a port. IPv4 is kept as ::ffff:a.b.c.d.
class Endpoint {
 public:
  Endpoint() = default;
  Endpoint(const std::array<std::uint8_t, 16>& address, std::uint16_t port)
      : address_(address), port_(port) {}

  /// An IP literal ("192.0.2.1", "2001:db8::1", "[2001:db8::1]"); nullopt for a name or rubbish.
  static std::optional<Endpoint> parse(std::string_view host, std::uint16_t port);

  [[nodiscard]] const std::array<std::uint8_t, 16>& address() const { return address_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_unspecified() const;
  /// 127.0.0.0/8 or ::1.
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] Endpoint with_port(std::uint16_t port) const { return {address_, port}; }
  [[nodiscard]] bool same_address(const Endpoint& other) const { return address_ == other.address_; }

  /// The address alone, IPv6 in brackets, as a SIP host: "192.0.2.1", "[2001:db8::1]".
  [[nodiscard]] std::string host() const;
  /// The address alone as in a received parameter (IPv6 without brackets, RFC 3261 §25.1 and RFC 5118 §4.5).
  [[nodiscard]] std::string bare_host() const;
  /// "192.0.2.1:5060", "[2001:db8::1]:5060".
  [[nodiscard]] std::string to_string() const;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a 0 in the comparison that the compiler writes.
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;

 private:
  std::array<std::uint8_t, 16> address_{};
  std::uint16_t port_ = 0;
};

/// Where a message came from, and so a way back: for UDP a pair of addresses, for the others a
/// connection. Plain value; `connection` means something only to the shard that owns it.
struct Flow {
  Transport transport = Transport::udp;
  Endpoint local;  // the listen address it belongs to
  Endpoint remote;
  std::uint64_t connection = 0;  // 0: none yet (UDP, or to be opened)
  std::uint16_t shard = 0;       // who owns the connection

  /// "tcp:192.0.2.9:5060>192.0.2.1:40112": what is kept in the database. A connection is not kept.
  [[nodiscard]] std::string to_string() const;
  static base::Result<Flow> parse(std::string_view text);

  friend bool operator==(const Flow&, const Flow&) = default;
};

}  // namespace rollcall::sip
