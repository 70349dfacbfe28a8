// SPDX-License-Identifier: Apache-2.0
// Requests out of a dialog: to which devices they go, and what they look like there.
#include "house.hpp"

#include <rollcall/sip/headers/via.hpp>

using namespace rollcall;
using namespace rollcall::proxy::test;
using namespace std::chrono_literals;
using sip::Header;
using tests::flow_of;

TEST_CASE("proxy: INVITE gets a 100 at once and goes to every device of the user [RFC 3261 §16.6]") {
  Call call;
  call.register_desk();
  call.register_mobile();
  call.alice.send(to_bob("INVITE"));
  CHECK(call.alice.kinds() == "100 INVITE");
  CHECK(call.desk.kinds() == "INVITE");
  CHECK(call.mobile.kinds() == "INVITE");
  CHECK(call.mobile.get().flow.connection == 7);
}

TEST_CASE("proxy: a user without a device is answered 480 [RFC 3261 §16.5]") {
  Call call;
  call.alice.send(to_bob("INVITE"));
  CHECK(call.alice.take_kinds() == "480 INVITE");
  CHECK(call.contexts() == 0);
}

TEST_CASE(
    "proxy: the copy has the contact as its target and one hop less, all else as it came [RFC 3261 §16.6]") {
  Call call;
  call.register_desk();
  RequestText invite = to_bob("INVITE");
  invite.via = "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa1;rport";
  invite.lines += "X-Odd: kept , as it is\r\nSubject: tea\r\n";
  invite.body = "v=0\r\n";
  call.alice.send(invite);
  const Sent copy = call.desk.get();
  CHECK(copy.message->request_uri() == "sip:bob@192.0.2.2:5062");
  CHECK(copy.header(Header::max_forwards) == "69");
  const auto vias = copy.headers(Header::via);
  REQUIRE(vias.size() == 2);
  CHECK(vias[0].starts_with("SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK"));
  CHECK(vias[1] == "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa1;rport=5060;received=192.0.2.1");
  CHECK(copy.header(Header::to) == "<sip:bob@example.com>");
  CHECK(copy.message->first("X-Odd") == "kept , as it is");
  CHECK(copy.header(Header::subject) == "tea");
  CHECK(copy.message->body() == "v=0\r\n");
}

TEST_CASE("proxy: credentials for us stay here, those for others go on [RFC 3261 §22.3]") {
  Call call;
  call.register_desk();
  RequestText invite = to_bob("INVITE");
  const std::string rest =
      R"(nonce="n", uri="sip:bob@example.com", response="00000000000000000000000000000000")";
  invite.lines += "Proxy-Authorization: Digest username=\"alice\", realm=\"example.com\", " + rest + "\r\n";
  invite.lines +=
      "Proxy-Authorization: Digest username=\"alice\", realm=\"elsewhere.example\", " + rest + "\r\n";
  call.alice.send(invite);
  const auto credentials = call.desk.get().headers(Header::proxy_authorization);
  REQUIRE(credentials.size() == 1);
  CHECK(credentials[0].find("elsewhere.example") != std::string::npos);
}

TEST_CASE("proxy: a request without Max-Forwards goes on with 70 [RFC 3261 §16.6 step 3]") {
  Call call;
  call.register_desk();
  RequestText invite = to_bob("INVITE");
  invite.max_forwards = false;
  call.alice.send(invite);
  CHECK(call.desk.get().header(Header::max_forwards) == "70");
}

TEST_CASE("proxy: a request that has no hop left is answered 483 [RFC 3261 §16.3 step 3]") {
  Call call;
  call.register_desk();
  RequestText invite = to_bob("INVITE");
  invite.max_forwards = false;
  invite.lines += "Max-Forwards: 0\r\n";
  call.alice.send(invite);
  CHECK(call.alice.take_kinds() == "483 INVITE");
  CHECK(call.desk.kinds().empty());
}

TEST_CASE("proxy: an extension that proxies must understand is refused with 420 [RFC 3261 §16.3 step 5]") {
  Call call;
  call.register_desk();
  RequestText invite = to_bob("INVITE");
  invite.lines += "Proxy-Require: privacy, sec-agree\r\n";
  call.alice.send(invite);
  const Sent refused = call.alice.get();
  CHECK(refused.kind() == "420 INVITE");
  CHECK(refused.header(Header::unsupported) == "privacy, sec-agree");
}

TEST_CASE("proxy: the Path of a device becomes the Route of what goes to it [RFC 3327 §5.1]") {
  Call call;
  const Peer edge = call.device("sip:bob@10.1.1.1", flow_of("udp:192.0.2.9:5060>192.0.2.50:5060"), 1000,
                                {"<sip:192.0.2.50:5060;lr;ob>", "<sip:inner.example.net;lr>"});
  call.alice.send(to_bob("INVITE"));
  const Sent copy = edge.get();
  CHECK(copy.message->request_uri() == "sip:bob@10.1.1.1");
  CHECK(copy.headers(Header::route) ==
        std::vector<std::string>{"<sip:192.0.2.50:5060;lr;ob>", "<sip:inner.example.net;lr>"});
}

TEST_CASE("proxy: a strict router finds itself in the Request-URI [RFC 3261 §16.6 step 6]") {
  Call call;
  const Peer edge = call.device("sip:bob@10.1.1.1", flow_of("udp:192.0.2.9:5060>192.0.2.50:5060"), 1000,
                                {"<sip:192.0.2.50:5060>"});
  call.alice.send(to_bob("INVITE"));
  const Sent copy = edge.get();
  CHECK(copy.message->request_uri() == "sip:192.0.2.50:5060");
  CHECK(copy.headers(Header::route) == std::vector<std::string>{"<sip:bob@10.1.1.1>"});
}

TEST_CASE("proxy: what a Request-URI may not hold is taken off the contact [RFC 3261 §16.6 step 2]") {
  Call call;
  const Peer device = call.device("sip:bob@192.0.2.2:5062;method=INVITE;ob?Subject=x", call.desk.flow);
  call.alice.send(to_bob("INVITE"));
  CHECK(device.get().message->request_uri() == "sip:bob@192.0.2.2:5062;ob");
}

TEST_CASE("proxy: devices of a lower q are called when those before have refused [RFC 3261 §16.6]") {
  Call call;
  call.register_desk(900);
  call.register_mobile(100);
  call.alice.send(to_bob("INVITE"));
  CHECK(call.mobile.kinds().empty());
  call.desk.answer(call.desk.get(), 486);
  CHECK(call.mobile.kinds() == "INVITE");
  CHECK(call.alice.take_kinds() == "100 INVITE");
  const Sent invite = call.mobile.get();
  call.mobile.answer(invite, 480);
  CHECK(call.alice.take_kinds() == "486 INVITE");
  CHECK(call.contexts() == 0);
}

TEST_CASE("proxy: devices of a lower q are left alone when one before has taken the call") {
  Call call;
  call.register_desk(900);
  call.register_mobile(100);
  call.alice.send(to_bob("INVITE"));
  call.desk.answer(call.desk.get(), 200);
  CHECK(call.alice.take_kinds() == "100 INVITE, 200 INVITE");
  CHECK(call.mobile.kinds().empty());
  CHECK(call.contexts() == 0);
}

TEST_CASE("proxy: a device that cannot be reached does not hold up those of a lower q") {
  Call call;
  call.register_mobile(900);
  call.register_desk(100);
  call.alice.send(to_bob("INVITE"));
  call.shards.shard().on_send_failed(call.mobile.get().token);
  CHECK(call.desk.kinds() == "INVITE");
}

TEST_CASE("proxy: no more devices are called than the limit says, the best ones first") {
  base::Limits limits;
  limits.forks = 1;
  Call call(1, limits);
  call.register_mobile(100);
  call.register_desk(900);
  call.alice.send(to_bob("INVITE"));
  call.desk.answer(call.desk.get(), 486);
  CHECK(call.mobile.kinds().empty());
  CHECK(call.alice.take_kinds() == "100 INVITE, 486 INVITE");
}

TEST_CASE("proxy: when there is no room for a transaction the caller gets 503 with Retry-After") {
  base::Limits limits;
  limits.client_transactions = 0;
  Call call(1, limits);
  call.register_desk();
  call.alice.send(to_bob("INFO"));
  const Sent refused = call.alice.get();
  CHECK(refused.kind() == "503 INFO");
  CHECK(refused.header(Header::retry_after) == "5");
  CHECK(call.contexts() == 0);
}

TEST_CASE("proxy: Max-Breadth is shared out to the branches, 60 where nothing is said [RFC 5393 §5.3.3]") {
  Call call;
  call.register_desk();
  call.register_mobile();
  call.alice.send(to_bob("INVITE"));
  CHECK(call.desk.get().message->first("Max-Breadth") == "30");
  CHECK(call.mobile.get().message->first("Max-Breadth") == "30");
  RequestText invite = to_bob("INVITE", 2);
  invite.lines += "Max-Breadth: 5\r\n";
  call.alice.send(invite);
  CHECK(call.desk.get().message->first("Max-Breadth") == "3");
  CHECK(call.mobile.get().message->first("Max-Breadth") == "2");
  invite = to_bob("INVITE", 3);
  invite.lines += "Max-Breadth: 4000000\r\n";
  call.alice.send(invite);
  CHECK(call.desk.get().message->first("Max-Breadth") == "30");
}

TEST_CASE(
    "proxy: without the breadth to fork in parallel devices are called one after the other [RFC 5393 "
    "§5.3.3]") {
  Call call;
  call.register_desk();
  call.register_mobile();
  RequestText invite = to_bob("INVITE");
  invite.lines += "Max-Breadth: 1\r\n";
  call.alice.send(invite);
  const Sent first = call.desk.get();
  CHECK(first.message->first("Max-Breadth") == "1");
  CHECK(call.mobile.kinds().empty());
  call.desk.answer(first, 486);
  CHECK(call.mobile.get().message->first("Max-Breadth") == "1");
}

TEST_CASE("proxy: a request without any breadth is answered 440 [RFC 5393 §5.3.3]") {
  Call call;
  call.register_desk();
  RequestText invite = to_bob("INVITE");
  invite.lines += "Max-Breadth: 0\r\n";
  call.alice.send(invite);
  CHECK(call.alice.take_kinds() == "440 INVITE");
}

TEST_CASE("proxy: a request that comes back as it was is answered 482 [RFC 5393 §4.2.2]") {
  Call call;
  call.register_desk();
  call.alice.send(to_bob("INVITE"));
  const Sent copy = call.desk.get();
  RequestText looped = to_bob("INVITE");
  const auto vias = copy.headers(Header::via);
  looped.via = "SIP/2.0/UDP 192.0.2.2:5062;branch=z9hG4bKsomebody, " + vias[0] + ", " + vias[1];
  call.desk.send(looped);
  CHECK(call.desk.take_kinds() == "482 INVITE");
}

TEST_CASE(
    "proxy: a request that comes back with another target is spiralling and goes on [RFC 5393 §4.2.2]") {
  Call call;
  call.register_desk();
  call.alice.send(to_bob("INVITE"));
  const Sent copy = call.desk.get();
  RequestText spiral = to_bob("INVITE");
  spiral.uri = "sip:bob@example.com;user=phone";
  const auto vias = copy.headers(Header::via);
  spiral.via = "SIP/2.0/UDP 192.0.2.2:5062;branch=z9hG4bKsomebody, " + vias[0] + ", " + vias[1];
  call.desk.send(spiral);
  CHECK(call.desk.take_kinds() == "100 INVITE, INVITE");
}

TEST_CASE("proxy: the part of the branch that shows loops does not vary with the method [RFC 5393 §4.2.1]") {
  Call call;
  call.register_desk();
  const auto mark = [&](std::string method) {
    call.alice.send(to_bob(std::move(method)));
    const std::string value = call.desk.get().headers(Header::via).front();
    const auto via = sip::Via::parse(value);
    return std::string(via->branch().substr(via->branch().size() - 16));
  };
  CHECK(mark("INFO") == mark("UPDATE"));
}

TEST_CASE("proxy: the user may be on another shard than the caller and its device [RFC 3261 §16]") {
  for (const std::size_t arrival : {0U, 1U, 2U}) {
    Call call(3);
    call.register_desk();
    const Peer alice(call, call.alice.flow, arrival);
    const Peer desk(call, call.desk.flow, (arrival + 1) % 3);
    alice.send(to_bob("INVITE"));
    const Sent invite = desk.get();
    desk.answer(invite, 180);
    CHECK(alice.take_kinds() == "100 INVITE, 180 INVITE");
    RequestText cancel = to_bob("INVITE");
    cancel.method = "CANCEL";
    alice.send(cancel);
    CHECK(alice.take_kinds() == "200 CANCEL");
    desk.answer(desk.get(), 200);
    desk.answer(invite, 487);
    CHECK(alice.take_kinds() == "487 INVITE");
    CHECK(call.contexts() == 0);
  }
}
