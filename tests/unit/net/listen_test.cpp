// SPDX-License-Identifier: Apache-2.0
#include <rollcall/net/listen.hpp>

#include <doctest/doctest.h>

using rollcall::base::ErrorCode;
using rollcall::net::parse_listen;
using rollcall::sip::Transport;

TEST_CASE("listen: transport, address and port are read, for both families") {
  const auto v4 = parse_listen("udp:127.0.0.1:5060");
  REQUIRE(v4.ok());
  REQUIRE(v4->size() == 1);
  CHECK(v4->front().transport == Transport::udp);
  CHECK(v4->front().to_string() == "udp:127.0.0.1:5060");

  const auto v6 = parse_listen("TCP:[::1]:0");
  REQUIRE(v6.ok());
  REQUIRE(v6->size() == 1);
  CHECK(v6->front().transport == Transport::tcp);
  CHECK(v6->front().to_string() == "tcp:[::1]:0");
}

TEST_CASE("listen: * is every address of both families") {
  const auto all = parse_listen("udp:*:5060");
  REQUIRE(all.ok());
  REQUIRE(all->size() == 2);
  CHECK(all->at(0).to_string() == "udp:0.0.0.0:5060");
  CHECK(all->at(1).to_string() == "udp:[::]:5060");
}

TEST_CASE("listen: what is wrong is named, and nothing is guessed") {
  for (const auto* text : {"", "udp", "udp:127.0.0.1", "udp:127.0.0.1:", "udp:127.0.0.1:65536",
                           "udp:127.0.0.1:50 60", "udp:127.0.0.1:-1", "udp::5060", "udp:example.com:5060",
                           "udp:::1:5060", "sctp:127.0.0.1:5060", "127.0.0.1:5060"}) {
    CAPTURE(text);
    const auto parsed = parse_listen(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().code == ErrorCode::malformed);
    CHECK(parsed.error().detail.starts_with(text));
  }
  CHECK(parse_listen("tls:127.0.0.1:5061").error().code == ErrorCode::unsupported);
}
