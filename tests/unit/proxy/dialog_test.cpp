// SPDX-License-Identifier: Apache-2.0
// What follows in a dialog: both ways, over the flows that the dialog was made on.
#include "talk.hpp"

using namespace rollcall;
using namespace rollcall::proxy::test;
using sip::Header;

TEST_CASE("proxy: ACK goes to the device without a transaction [RFC 3261 §16.11, §13.2.2.4]") {
  Talk talk;
  const auto before = talk.shards.shard().transactions().client_count();
  talk.alice.send(talk.from_alice("ACK", 1));
  const Sent ack = talk.callee.get();
  CHECK(ack.kind() == "ACK");
  CHECK(ack.flow.connection == 7);
  CHECK(ack.message->request_uri() == talk.contact());
  CHECK(ack.headers(Header::route).empty());
  CHECK(ack.headers(Header::via).size() == 2);
  CHECK(ack.header(Header::max_forwards) == "69");
  CHECK(talk.shards.shard().transactions().client_count() == before);
  CHECK(talk.alice.kinds().empty());
}

TEST_CASE("proxy: the caller hangs up, over the connection of the device [RFC 3261 §16.12]") {
  Talk talk;
  talk.alice.send(talk.from_alice("BYE"));
  const Sent bye = talk.callee.get();
  CHECK(bye.kind() == "BYE");
  CHECK(bye.flow.connection == 7);
  CHECK(bye.headers(Header::route).empty());
  CHECK(bye.headers(Header::record_route).empty());
  talk.callee.answer(bye, 200);
  CHECK(talk.alice.take_kinds() == "200 BYE");
  CHECK(talk.contexts() == 0);
}

TEST_CASE("proxy: the callee hangs up [RFC 3261 §16.12]") {
  for (const bool by_tcp : {true, false}) {
    Talk talk(by_tcp);
    talk.callee.send(talk.from_bob("BYE"));
    const Sent bye = talk.alice.get();
    CHECK(bye.kind() == "BYE");
    CHECK(bye.flow.remote == talk.alice.flow.remote);
    CHECK(bye.headers(Header::route).empty());
    talk.alice.answer(bye, 200);
    CHECK(talk.callee.take_kinds() == "200 BYE");
  }
}

TEST_CASE("proxy: both sides may change the call, and acknowledge [RFC 3261 §14]") {
  Talk talk;
  talk.alice.send(talk.from_alice("INVITE", 2));
  CHECK(talk.alice.take_kinds() == "100 INVITE");
  Sent invite = talk.callee.get();
  CHECK(invite.kind() == "INVITE");
  talk.callee.answer(invite, ok_from(talk.contact()));
  CHECK(talk.alice.take_kinds() == "200 INVITE");
  talk.alice.send(talk.from_alice("ACK", 2));
  CHECK(talk.callee.take_kinds() == "ACK");
  talk.callee.send(talk.from_bob("INVITE", 3));
  invite = talk.alice.get();
  CHECK(invite.kind() == "INVITE");
  talk.alice.answer(invite, 488);
  CHECK(talk.alice.take_kinds() == "ACK");
  CHECK(talk.callee.take_kinds() == "100 INVITE, 488 INVITE");
  CHECK(talk.contexts() == 0);
}

TEST_CASE("proxy: a re-INVITE can be cancelled [RFC 3261 §16.10]") {
  Talk talk;
  talk.alice.send(talk.from_alice("INVITE", 2));
  const Sent invite = talk.callee.get();
  talk.callee.answer(invite, 180);
  talk.alice.take_kinds();
  RequestText cancel = talk.from_alice("INVITE", 2);
  cancel.method = "CANCEL";
  talk.alice.send(cancel);
  talk.callee.answer(talk.callee.get(), 200);
  talk.callee.answer(invite, 487);
  CHECK(talk.alice.take_kinds() == "200 CANCEL, 487 INVITE");
}

TEST_CASE("proxy: requests in a dialog may arrive at any shard") {
  Call call(2);
  call.register_mobile();
  call.alice.send(to_bob("INVITE"));
  const Sent invite = call.mobile.get();
  call.mobile.answer(invite, ok_from("sip:bob@10.0.0.3"));
  RequestText bye = to_bob("BYE", 2);
  bye.uri = "sip:bob@10.0.0.3";
  bye.to += ";tag=d1";
  auto routes = invite.headers(Header::record_route);
  std::reverse(routes.begin(), routes.end());
  bye.lines += Talk::route_lines(routes);
  call.mobile.take_kinds();
  call.alice.take_kinds();
  const Peer alice(call, call.alice.flow, 1);
  alice.send(bye);
  const Sent copy = call.mobile.get();
  CHECK(copy.flow.connection == 7);
  call.mobile.answer(copy, 200);
  CHECK(alice.take_kinds() == "200 BYE");
}

TEST_CASE("proxy: the way goes on to the next Route that is not ours [RFC 3261 §16.12]") {
  Talk talk;
  RequestText info = talk.from_alice("INFO");
  info.lines += "Route: <sip:192.0.2.50;lr>\r\nRoute: <sip:192.0.2.51;lr>\r\n";
  talk.alice.send(info);
  CHECK(talk.callee.get().headers(Header::route) ==
        std::vector<std::string>{"<sip:192.0.2.50;lr>", "<sip:192.0.2.51;lr>"});
}

TEST_CASE("proxy: in a dialog too hops and Proxy-Require are looked at [RFC 3261 §16.3]") {
  Talk talk;
  RequestText info = talk.from_alice("INFO", 2);
  info.max_forwards = false;
  info.lines += "Max-Forwards: 0\r\n";
  talk.alice.send(info);
  info = talk.from_alice("INFO", 3);
  info.lines += "Proxy-Require: x\r\n";
  talk.alice.send(info);
  CHECK(talk.alice.take_kinds() == "483 INFO, 420 INFO");
  CHECK(talk.callee.kinds().empty());
}

TEST_CASE("proxy: credentials for us stay here in a dialog too [RFC 3261 §22.3]") {
  Talk talk;
  RequestText bye = talk.from_alice("BYE");
  bye.lines +=
      "Proxy-Authorization: Digest username=\"alice\", realm=\"example.com\", nonce=\"n\", uri=\"sip:x\", "
      "response=\"00000000000000000000000000000000\"\r\n";
  talk.alice.send(bye);
  CHECK_FALSE(talk.callee.get().message->has(Header::proxy_authorization));
}

TEST_CASE("proxy: a device that has gone away is told to the caller [RFC 3261 §16.9]") {
  Talk talk;
  talk.alice.send(talk.from_alice("BYE"));
  talk.shards.shard().on_send_failed(talk.callee.get().token);
  CHECK(talk.alice.take_kinds() == "500 BYE");
}

TEST_CASE(
    "proxy: a large request in a dialog goes by TCP to who is reached at its own address [RFC 3261 "
    "§18.1.1]") {
  Talk talk(false);
  RequestText info = talk.from_alice("INFO");
  info.uri = "sip:bob@192.0.2.2:5062";
  info.body = std::string(2000, 'x');
  talk.alice.send(info);
  const Sent by_tcp = talk.callee.get();
  CHECK(by_tcp.flow.transport == sip::Transport::tcp);
  talk.shards.shard().on_send_failed(by_tcp.token);
  const Sent by_udp = talk.callee.get();
  CHECK(by_udp.flow.transport == sip::Transport::udp);
  CHECK(by_udp.message->body().size() == 2000);
}
