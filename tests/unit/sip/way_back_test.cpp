// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <string>

#include <rollcall/sip/way_back.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

namespace {

using testing::options_with;
using testing::parsed;
using testing::replaced;

Flow flow_of(std::string_view text) {
  auto flow = Flow::parse(text);
  REQUIRE(flow.ok());
  return *flow;
}

WayBack back_of(std::string_view via, const Flow& flow) {
  return way_back(
      *parsed(replaced(options_with(""), "SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKabc;rport", via)), flow);
}

/// Where the answer goes when a request with this Via comes from 203.0.113.9:40112.
std::string answered_to(std::string_view via, std::string_view from = "203.0.113.9:40112") {
  const auto flow = flow_of("udp:192.0.2.9:5060>" + std::string(from));
  const auto back = back_of(via, flow).flow;
  CHECK(back.local == flow.local);
  return back.remote.to_string();
}

}  // namespace

TEST_CASE("way back: with rport an answer goes to where the request came from [RFC 3581 §4]") {
  CHECK(answered_to("SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKa;rport") == "203.0.113.9:40112");
  CHECK(answered_to("SIP/2.0/UDP pc.example.com;rport;branch=z9hG4bKa") == "203.0.113.9:40112");
  CHECK(answered_to("SIP/2.0/UDP 192.0.2.7;rport=9;branch=z9hG4bKa") == "203.0.113.9:40112");
}

TEST_CASE(
    "way back: without rport it goes to the source address and the port of sent-by [RFC 3261 §18.2.2]") {
  CHECK(answered_to("SIP/2.0/UDP 203.0.113.9:5070;branch=z9hG4bKa") == "203.0.113.9:5070");
  CHECK(answered_to("SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bKa") == "203.0.113.9:5070");
  CHECK(answered_to("SIP/2.0/UDP pc.example.com;branch=z9hG4bKa") == "203.0.113.9:5060");
  CHECK(answered_to("SIP/2.0/UDP 10.0.0.1:5070;received=198.51.100.1;branch=z9hG4bKa") == "203.0.113.9:5070");
}

TEST_CASE("way back: maddr goes before source and rport [RFC 3261 §18.2.2]") {
  CHECK(answered_to("SIP/2.0/UDP 10.0.0.1:5070;maddr=198.51.100.1;branch=z9hG4bKa") == "198.51.100.1:5070");
  CHECK(answered_to("SIP/2.0/UDP 10.0.0.1;maddr=224.2.0.1;ttl=16;rport") == "224.2.0.1:5060");
}

TEST_CASE("way back: a maddr that is no address, or one that the sender may not choose, does not count") {
  for (const std::string maddr : {"pc.example.com", "0.0.0.0", "[2001:db8::1]", "127.0.0.1"}) {
    CAPTURE(maddr);
    CHECK(answered_to("SIP/2.0/UDP 10.0.0.1:5070;rport;maddr=" + maddr) == "203.0.113.9:40112");
  }
  CHECK(answered_to("SIP/2.0/UDP 127.0.0.1:5070;maddr=127.0.0.2", "127.0.0.1:40112") == "127.0.0.2:5070");
}

TEST_CASE("way back: a connection is answered on, whatever the Via says [RFC 3261 §18.2.2]") {
  auto flow = flow_of("tcp:192.0.2.9:5060>203.0.113.9:40112");
  flow.connection = 7;
  const auto back = back_of("SIP/2.0/UDP 10.0.0.1:5070;maddr=198.51.100.1;branch=z9hG4bKa", flow);
  CHECK(back.flow == flow);
  CHECK(back.reopened.to_string() == "203.0.113.9:5070");
  CHECK(back_of("SIP/2.0/TCP 10.0.0.1", flow).reopened.to_string() == "203.0.113.9:5060");
  flow.transport = Transport::tls;
  CHECK(back_of("SIP/2.0/TLS 10.0.0.1", flow).reopened.to_string() == "203.0.113.9:5061");
}

TEST_CASE("way back: a request with a Via that cannot be read is answered to its source") {
  CHECK(answered_to(";;broken") == "203.0.113.9:40112");
}

}  // namespace rollcall::sip
