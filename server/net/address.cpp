// SPDX-License-Identifier: Apache-2.0
#include "address.hpp"

#include <cstring>

namespace rollcall::net {

namespace {

// Where the four bytes of an IPv4 address stand in an endpoint's sixteen.
constexpr std::size_t v4_offset = 12;

}  // namespace

SocketAddress to_socket_address(const sip::Endpoint& endpoint) {
  SocketAddress address{};
  if (endpoint.is_v4()) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(endpoint.port());
    std::memcpy(&address.v4.sin_addr, endpoint.address().data() + v4_offset, sizeof(in_addr));
  } else {
    address.v6 = {};
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons(endpoint.port());
    std::memcpy(&address.v6.sin6_addr, endpoint.address().data(), sizeof(in6_addr));
  }
  return address;
}

socklen_t length_of(const SocketAddress& address) {
  return address.any.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

sip::Endpoint to_endpoint(const in_addr& address, std::uint16_t port) {
  std::array<std::uint8_t, 16> bytes{};
  bytes[10] = bytes[11] = 0xff;
  std::memcpy(bytes.data() + v4_offset, &address, sizeof(in_addr));
  return {bytes, port};
}

sip::Endpoint to_endpoint(const in6_addr& address, std::uint16_t port) {
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &address, sizeof(in6_addr));
  return {bytes, port};
}

sip::Endpoint to_endpoint(const SocketAddress& address) {
  return address.any.sa_family == AF_INET ? to_endpoint(address.v4.sin_addr, ntohs(address.v4.sin_port))
                                          : to_endpoint(address.v6.sin6_addr, ntohs(address.v6.sin6_port));
}

int family_of(const sip::Endpoint& endpoint) {
  return endpoint.is_v4() ? AF_INET : AF_INET6;
}

std::size_t EndpointHash::operator()(const sip::Endpoint& endpoint) const {
  std::uint64_t halves[2];
  std::memcpy(halves, endpoint.address().data(), sizeof(halves));
  // Multiplication by odd constants spreads neighbouring addresses and ports over all bits.
  std::uint64_t mixed = halves[0] * 0x9e3779b97f4a7c15U ^ halves[1] * 0xc2b2ae3d27d4eb4fU;
  mixed = (mixed ^ mixed >> 29 ^ endpoint.port()) * 0xbf58476d1ce4e5b9U;
  return mixed ^ mixed >> 32;
}

}  // namespace rollcall::net
