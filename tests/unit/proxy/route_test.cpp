// SPDX-License-Identifier: Apache-2.0
// Our Record-Route: what it says, where it leads, and that nobody else can make one.
#include "talk.hpp"

using namespace rollcall;
using namespace rollcall::proxy::test;
using sip::Header;
using tests::flow_of;

namespace {

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

/// Where bob's BYE goes when alice has called with this in her Via and in her Contact.
sip::Flow way_back(const std::string& sent_by, const std::string& contact) {
  Call call;
  call.register_desk();
  RequestText invite = to_bob("INVITE");
  invite.via = "SIP/2.0/UDP " + sent_by + ";branch=z9hG4bKa1;rport";
  invite.lines = "Contact: <sip:alice@" + contact + ">\r\n";
  call.alice.send(invite);
  const Sent copy = call.desk.get();
  call.desk.answer(copy, ok_from("sip:bob@192.0.2.2:5062"));
  call.shards.wire().take();
  RequestText bye = to_bob("BYE", 2);
  bye.via = "SIP/2.0/UDP 192.0.2.2:5062;branch=z9hG4bKb2;rport";
  bye.uri = "sip:alice@" + contact;
  bye.to += ";tag=a1";
  bye.lines = Talk::route_lines(copy.headers(Header::record_route));
  call.desk.send(bye);
  return call.shards.wire().take_one().flow;
}

}  // namespace

TEST_CASE("proxy: we stay in the dialog with one Route for each side [RFC 3261 §16.6 step 4]") {
  Talk talk;
  REQUIRE(talk.callee_routes.size() == 2);
  CHECK(talk.callee_routes[0].starts_with("<sip:192.0.2.9:5060;transport=tcp;lr;"));
  CHECK(talk.callee_routes[1].starts_with("<sip:192.0.2.9:5060;lr;"));
  for (const std::string& route : talk.callee_routes) {
    CHECK(talk.proxy().is_our_route(route, "c1@192.0.2.1"));
    CHECK_FALSE(talk.proxy().is_our_route(route, "c2@192.0.2.1"));
    CHECK(route.size() < 130);
  }
  CHECK(talk.callee_routes[0] == talk.caller_routes[1]);
}

TEST_CASE("proxy: REFER and SUBSCRIBE make dialogs too, INFO does not [RFC 3261 §16.6 step 4]") {
  Call call;
  call.register_desk();
  for (const auto* method : {"REFER", "SUBSCRIBE"}) {
    call.alice.send(to_bob(method));
    CHECK(call.desk.get().headers(Header::record_route).size() == 2);
  }
  call.alice.send(to_bob("INFO"));
  CHECK(call.desk.get().headers(Header::record_route).empty());
}

TEST_CASE("proxy: our Record-Route goes on top of those of others [RFC 3261 §16.6 step 4]") {
  Call call;
  call.register_desk();
  RequestText invite = to_bob("INVITE");
  invite.lines += "Record-Route: <sip:192.0.2.1:5080;lr>\r\n";
  call.alice.send(invite);
  const auto routes = call.desk.get().headers(Header::record_route);
  REQUIRE(routes.size() == 3);
  CHECK(routes[2] == "<sip:192.0.2.1:5080;lr>");
}

TEST_CASE("proxy: nobody gets through with a Route that we did not sign for the dialog [RFC 3261 §16.12]") {
  Talk talk;
  const std::string genuine = talk.caller_routes[1];
  const std::string forged[] = {
      replaced(genuine, "192.0.2.3:40000", "192.0.2.4:40000"),
      replaced(genuine, "/1-7-0", "/1-8-0"),
      replaced(genuine, ";sig=", ";sig=0"),
      genuine.substr(0, genuine.size() - 3) + ">",
      replaced(genuine, genuine.substr(genuine.find(";sig=")), ">"),
      "<sip:192.0.2.9:5060;lr>",
  };
  int number = 10;
  for (const std::string& route : forged) {
    CHECK_FALSE(talk.proxy().is_our_route(route, "c1@192.0.2.1"));
    RequestText bye = to_bob("BYE", ++number);
    bye.uri = talk.contact();
    bye.to += ";tag=d1";
    bye.lines += "Route: " + route + "\r\n";
    talk.alice.send(bye);
    CHECK(talk.alice.take_kinds() == "403 BYE");
  }
  CHECK(talk.callee.kinds().empty());
}

TEST_CASE("proxy: a Route of one dialog is no good in another [RFC 3261 §16.6 step 4]") {
  Talk talk;
  RequestText bye = talk.from_alice("BYE");
  bye.call_id = "c2@192.0.2.1";
  talk.alice.send(bye);
  CHECK(talk.alice.take_kinds() == "403 BYE");
  CHECK(talk.callee.kinds().empty());
}

TEST_CASE(
    "proxy: no new call is made with the Route of an old one, past authentication [RFC 3261 §16.3 step 6]") {
  Talk talk;
  RequestText invite = talk.from_alice("INVITE");
  invite.from = "<sip:somebody@example.com>;tag=x1";
  invite.to = "<sip:bob@example.com>";
  talk.alice.send(invite);
  CHECK(talk.alice.take_kinds() == "403 INVITE");
  CHECK(talk.callee.kinds().empty());
}

TEST_CASE("proxy: an ACK with a forged Route is dropped [RFC 3261 §17]") {
  Talk talk;
  RequestText ack = talk.from_alice("ACK", 1);
  ack.call_id = "c2@192.0.2.1";
  talk.alice.send(ack);
  CHECK(talk.callee.kinds().empty());
  CHECK(talk.alice.kinds().empty());
}

TEST_CASE("proxy: after a restart, or when the connection is gone, the same address is tried") {
  Talk talk;
  talk.shards.wire().close(7);
  talk.alice.send(talk.from_alice("INFO", 2));
  Sent info = talk.callee.get();
  CHECK(info.flow.connection == 0);
  CHECK(info.flow.remote == talk.callee.flow.remote);
  Talk other;
  other.shards.run.number = 2;
  other.alice.send(other.from_alice("INFO", 2));
  info = other.callee.get();
  CHECK(info.flow.connection == 0);
  CHECK(info.flow.transport == sip::Transport::tcp);
}

TEST_CASE("proxy: a caller by TCP is reached on its connection") {
  Call call;
  call.register_desk();
  const Peer alice(call, flow_of("tcp:192.0.2.9:5060>192.0.2.1:41000", 9));
  RequestText invite = to_bob("INVITE");
  invite.via = "SIP/2.0/TCP 192.0.2.1:41000;branch=z9hG4bKa1;rport";
  alice.send(invite);
  const Sent copy = call.desk.get();
  call.desk.answer(copy, ok_from("sip:bob@192.0.2.2:5062"));
  RequestText bye = to_bob("BYE", 2);
  bye.via = "SIP/2.0/UDP 192.0.2.2:5062;branch=z9hG4bKb2;rport";
  bye.uri = "sip:alice@192.0.2.1:41000;transport=tcp";
  bye.from = "<sip:bob@example.com>;tag=d1";
  bye.to = "<sip:alice@example.com>;tag=a1";
  bye.lines = Talk::route_lines(copy.headers(Header::record_route));
  call.desk.send(bye);
  alice.get();
  alice.get();
  const Sent received = alice.get();
  CHECK(received.kind() == "BYE");
  CHECK(received.flow.connection == 9);
  CHECK(received.header(Header::via).starts_with("SIP/2.0/TCP 192.0.2.9:5060;"));
}

TEST_CASE("proxy: a caller by UDP is reached at its contact") {
  CHECK(way_back("192.0.2.1:5060", "192.0.2.1:5090") == flow_of("udp:192.0.2.9:5060>192.0.2.1:5090"));
}

TEST_CASE("proxy: a caller behind a NAT is reached where it sent from [RFC 3581 §4]") {
  CHECK(way_back("10.0.0.1:5060", "10.0.0.1:5060") == flow_of("udp:192.0.2.9:5060>192.0.2.1:5060"));
}
