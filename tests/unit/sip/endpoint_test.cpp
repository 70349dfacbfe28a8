// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/sip/endpoint.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

namespace {

Endpoint at(std::string_view host, std::uint16_t port) {
  const auto endpoint = Endpoint::parse(host, port);
  REQUIRE(endpoint.has_value());
  return *endpoint;
}

}  // namespace

TEST_CASE("endpoint: an IPv4 or IPv6 literal prints as it was read [RFC 3261 §25.1]") {
  CHECK(at("192.0.2.1", 5060).to_string() == "192.0.2.1:5060");
  CHECK(at("192.0.2.1", 5060).host() == "192.0.2.1");
  CHECK(at("192.0.2.1", 5060).is_v4());
  CHECK(at("2001:db8::1", 5061).to_string() == "[2001:db8::1]:5061");
  CHECK(at("[2001:DB8:0::1]", 5061).host() == "[2001:db8::1]");
  CHECK_FALSE(at("[2001:db8::1]", 5061).is_v4());
}

TEST_CASE("endpoint: a received parameter has no brackets [RFC 5118 §4.5]") {
  CHECK(at("[2001:db8::1]", 1).bare_host() == "2001:db8::1");
  CHECK(at("192.0.2.1", 1).bare_host() == "192.0.2.1");
}

TEST_CASE("endpoint: the loopback is 127.0.0.0/8 and ::1") {
  CHECK(at("127.0.0.1", 1).is_loopback());
  CHECK(at("127.9.9.9", 1).is_loopback());
  CHECK(at("[::1]", 1).is_loopback());
  CHECK_FALSE(at("128.0.0.1", 1).is_loopback());
  CHECK_FALSE(at("[2001:db8::1]", 1).is_loopback());
  CHECK_FALSE(at("[::]", 1).is_loopback());
}

TEST_CASE("endpoint: an IPv4-mapped address is the IPv4 address [RFC 5118 §4.9]") {
  CHECK(at("[::ffff:192.0.2.10]", 9) == at("192.0.2.10", 9));
}

TEST_CASE(
    "endpoint: the third colon that the grammar of RFC 3261 can yield is passed over [RFC 5118 §4.10]") {
  CHECK(at("[2001:db8:::192.0.2.1]", 9) == at("[2001:db8::192.0.2.1]", 9));
}

TEST_CASE("endpoint: a name or rubbish is no address") {
  for (const std::string_view text :
       {"", "example.com", "192.0.2", "192.0.2.256", "192.0.2.1.5", "192.0.2.0001", "1.2.3.4 ", "[192.0.2.1]",
        "[]", "[", "2001:db8", "[2001:db8::1", "::1::", "12345::", "2001:db8::1%eth0", "1:2:3:4:5:6:7:8:9",
        "0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0"}) {
    CAPTURE(text);
    CHECK_FALSE(Endpoint::parse(text, 1).has_value());
  }
}

TEST_CASE("endpoint: the unspecified addresses of both families are known") {
  CHECK(at("0.0.0.0", 5060).is_unspecified());
  CHECK(at("::", 5060).is_unspecified());
  CHECK_FALSE(at("127.0.0.1", 0).is_unspecified());
  CHECK_FALSE(at("::1", 0).is_unspecified());
}

TEST_CASE("endpoint: the same address with another port is the same address, but another endpoint") {
  const auto a = at("192.0.2.1", 5060);
  CHECK(a.same_address(a.with_port(9)));
  CHECK(a != a.with_port(9));
  CHECK(a.with_port(9).port() == 9);
}

TEST_CASE("endpoint: transports are known by name in any case") {
  CHECK(transport_of("udp") == Transport::udp);
  CHECK(transport_of("Tcp") == Transport::tcp);
  CHECK(transport_of("TLS") == Transport::tls);
  CHECK(transport_of("ws") == Transport::ws);
  CHECK(transport_of("WSS") == Transport::wss);
  CHECK_FALSE(transport_of("SCTP").has_value());
  CHECK_FALSE(transport_of("").has_value());
  CHECK(to_string(Transport::wss) == "WSS");
  CHECK_FALSE(is_stream(Transport::udp));
  CHECK(is_stream(Transport::ws));
}

TEST_CASE("flow: what is kept in the database comes back, without the connection") {
  Flow flow;
  flow.transport = Transport::tcp;
  flow.local = at("192.0.2.9", 5060);
  flow.remote = at("2001:db8::7", 40112);
  CHECK(flow.to_string() == "tcp:192.0.2.9:5060>[2001:db8::7]:40112");
  const auto back = Flow::parse(flow.to_string());
  REQUIRE(back.ok());
  CHECK(*back == flow);

  flow.connection = 77;
  const auto again = Flow::parse(flow.to_string());
  REQUIRE(again.ok());
  CHECK(again->connection == 0);
}

TEST_CASE("flow: anything else is malformed") {
  for (const std::string_view text :
       {"", "udp", "udp:", "udp:192.0.2.1:5060", "sctp:192.0.2.1:1>192.0.2.2:2", "udp:a:1>b:2",
        "udp:192.0.2.1>192.0.2.2", "udp:192.0.2.1:1>192.0.2.2:65536", ">udp:192.0.2.1:1",
        "udp:2001:db8::1:5060>192.0.2.2:2"}) {
    CAPTURE(text);
    CHECK_FALSE(Flow::parse(text).ok());
  }
}

}  // namespace rollcall::sip
