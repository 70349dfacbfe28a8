// SPDX-License-Identifier: Apache-2.0
// Endpoints as the system's socket calls want them.
#pragma once

#include <cstddef>

#include <rollcall/sip/endpoint.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

namespace rollcall::net {

/// Room for an address of either family.
union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

SocketAddress to_socket_address(const sip::Endpoint& endpoint);
socklen_t length_of(const SocketAddress& address);
sip::Endpoint to_endpoint(const SocketAddress& address);
sip::Endpoint to_endpoint(const in_addr& address, std::uint16_t port);
sip::Endpoint to_endpoint(const in6_addr& address, std::uint16_t port);

/// AF_INET or AF_INET6.
int family_of(const sip::Endpoint& endpoint);

struct EndpointHash {
  std::size_t operator()(const sip::Endpoint& endpoint) const;
};

}  // namespace rollcall::net
