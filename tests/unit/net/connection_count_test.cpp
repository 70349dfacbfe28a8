// SPDX-License-Identifier: Apache-2.0
#include "connection_count.hpp"

#include <doctest/doctest.h>

using rollcall::base::Limits;
using rollcall::net::ConnectionCount;
using rollcall::sip::Endpoint;

namespace {

Endpoint from(std::string_view host) {
  return *Endpoint::parse(host, 1234);
}

}  // namespace

TEST_CASE("connection count: one address gets its share and leaves room to the others") {
  Limits limits;
  limits.connections_per_address = 2;
  ConnectionCount count(limits);
  CHECK(count.admit(from("192.0.2.1")));
  CHECK(count.admit(from("192.0.2.1")));
  CHECK_FALSE(count.admit(from("192.0.2.1")));
  CHECK(count.admit(from("192.0.2.2")));
  count.release(from("192.0.2.1"));
  CHECK(count.admit(from("192.0.2.1")));
}

TEST_CASE("connection count: the addresses of one IPv6 network count as one, because one host has them all") {
  Limits limits;
  limits.connections_per_address = 1;
  ConnectionCount count(limits);
  CHECK(count.admit(from("2001:db8:0:1::1")));
  CHECK_FALSE(count.admit(from("2001:db8:0:1::2")));
  CHECK(count.admit(from("2001:db8:0:2::1")));
}

TEST_CASE("connection count: there is a limit for all addresses together, and for those that we call") {
  Limits limits;
  limits.connections = 2;
  ConnectionCount count(limits);
  CHECK(count.admit(from("192.0.2.1")));
  CHECK(count.admit_outbound());
  CHECK_FALSE(count.admit(from("192.0.2.2")));
  CHECK_FALSE(count.admit_outbound());
  count.release_outbound();
  CHECK(count.admit(from("192.0.2.2")));
}
