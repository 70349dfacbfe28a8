// SPDX-License-Identifier: Apache-2.0
// Is it for us, for somebody else, or part of a dialog that went through here (RFC 3261 §16.4)?
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::routing::test;

namespace {

RequestText routed(std::string method, const std::string& routes, std::string uri = "sip:bob@example.com") {
  RequestText text = fresh(std::move(method), std::move(uri));
  text.lines += "Route: " + routes + "\r\n";
  return text;
}

/// A call of alice to bob, as far as its routes are concerned.
struct Call : House {
  Call() {
    register_bob();
    receive(by_alice(fresh("INVITE")));
    for (const Sent& sent : take())
      if (sent.kind() == "INVITE") routes = sent.headers(Header::record_route);
    REQUIRE(routes.size() == 2);
    std::reverse(routes.begin(), routes.end());
  }
  [[nodiscard]] RequestText in_dialog(RequestText text) const {
    text.to += ";tag=d1";
    return text;
  }

  std::vector<std::string> routes;  // as the caller has them
};

std::string uri_of(const std::string& route) {
  return route.substr(1, route.size() - 2);
}

}  // namespace

TEST_CASE("way: nothing is relayed to other domains, for nobody [RFC 3261 §16.5]") {
  House house;
  CHECK(house.answer_to(fresh("INVITE", "sip:bob@elsewhere.net")) == "403 INVITE");
  CHECK(house.answer_to(house.by_alice(fresh("INVITE", "sip:bob@elsewhere.net"))) == "403 INVITE");
  CHECK(house.answer_to(fresh("OPTIONS", "sip:198.51.100.1")) == "403 OPTIONS");
}

TEST_CASE("way: our address is ours with our port, and with any port when no user is named") {
  House house;
  CHECK(house.answer_to(fresh("INVITE", "sip:bob@192.0.2.9:5060")) == "407 INVITE");
  CHECK(house.answer_to(fresh("INVITE", "sip:bob@192.0.2.9:5070")) == "403 INVITE");
  CHECK(house.answer_to(fresh("OPTIONS", "sip:192.0.2.9:5070")) == "200 OPTIONS");
}

TEST_CASE("way: the advertised name is ours, in any case of its letters") {
  House house(1, "sip.example.net");
  CHECK(house.answer_to(fresh("OPTIONS", "sip:SIP.example.net")) == "200 OPTIONS");
  CHECK(house.answer_to(fresh("OPTIONS", "sip:sip.example.net:5070")) == "403 OPTIONS");
}

TEST_CASE("way: a Route that only names us comes off, once or twice [RFC 3261 §16.4]") {
  House house;
  for (const auto* route :
       {"<sip:192.0.2.9;lr>", "<sip:example.com;lr>", "<sip:192.0.2.9;lr>, <sip:example.com;lr>"})
    CHECK(house.answer_to(routed("OPTIONS", route)) == "200 OPTIONS");
}

TEST_CASE("way: a Route to somebody else is not followed [RFC 3261 §16.12]") {
  House house;
  house.register_bob();
  for (const auto* route : {"<sip:elsewhere.net;lr>", "<sip:192.0.2.9;lr>, <sip:elsewhere.net;lr>",
                            "<sip:192.0.2.9;lr>, <sip:192.0.2.9;lr>, <sip:192.0.2.2:5062;lr>"}) {
    CHECK(house.answer_to(routed("OPTIONS", route)) == "403 OPTIONS");
    CHECK(house.answer_to(house.by_alice(routed("INVITE", route))) == "403 INVITE");
  }
}

TEST_CASE("way: a To tag opens no way without our signature [RFC 3261 §16.12]") {
  House house;
  house.register_bob();
  RequestText text = routed("BYE", "<sip:192.0.2.9;lr>", "sip:bob@192.0.2.2:5062");
  text.to += ";tag=made-up";
  CHECK(house.answer_to(text) == "403 BYE");
  text = fresh("BYE");
  text.to += ";tag=made-up";
  CHECK(house.answer_to(text) == "407 BYE");
}

TEST_CASE("way: what follows in a dialog needs no credentials, and no known method [RFC 3261 §16.12]") {
  Call call;
  for (const auto* method : {"BYE", "ACK", "NOTIFY", "FROBNICATE"}) {
    const std::string both = call.routes[0] + ", " + call.routes[1];
    CHECK(call.answer_to(call.in_dialog(routed(method, both, "sip:bob@192.0.2.2:5062"))) == method);
  }
}

TEST_CASE("way: our signature counts also when our address has changed since") {
  Call call;
  call.flow = tests::flow_of("udp:192.0.2.10:5060>192.0.2.1:5060");
  const std::string both = call.routes[0] + ", " + call.routes[1];
  CHECK(call.answer_to(call.in_dialog(routed("BYE", both, "sip:bob@192.0.2.2:5062"))) == "BYE");
}

TEST_CASE("way: what a strict router has made of the Request-URI is undone [RFC 3261 §16.4]") {
  Call call;
  for (const auto* method : {"BYE", "ACK"}) {
    call.receive(call.in_dialog(
        routed(method, call.routes[1] + ", <sip:bob@192.0.2.2:5062>", uri_of(call.routes[0]))));
    const auto sent = call.take();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].kind() == method);
    CHECK(sent[0].message->request_uri() == "sip:bob@192.0.2.2:5062");
    CHECK_FALSE(sent[0].message->has(Header::route));
    CHECK(sent[0].flow.remote == call.device.remote);
  }
}

TEST_CASE("way: a Request-URI that only looks like our Record-Route is left as it is [RFC 3261 §16.4]") {
  Call call;
  std::string forged = uri_of(call.routes[0]);
  forged.back() = forged.back() == '0' ? '1' : '0';
  const RequestText text = call.in_dialog(routed("BYE", "<sip:bob@192.0.2.2:5062>", forged));
  CHECK(call.answer_to(text) == "403 BYE");
}
