// SPDX-License-Identifier: Apache-2.0
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::messaging::test;
using namespace std::chrono_literals;

TEST_CASE("relay: the answer of the device is the sender's, without credentials on the way [RFC 3428 §6]") {
  House house;
  house.registers(house.desk);
  auto text = house.text();
  text.lines += "Proxy-Authorization: Digest username=\"alice\"\r\nX-Mine: 1\r\n";
  house.send(text);
  const Sent message = house.message_to(house.desk);
  CHECK(message.message->request_uri() == "sip:bob@192.0.2.2:5062");
  CHECK(message.header(Header::max_forwards) == "69");
  CHECK(message.headers(Header::via).size() == 2);
  CHECK(message.header(Header::proxy_authorization) == "");
  CHECK(message.header(Header::record_route) == "");
  CHECK(message.header(Header::contact) == "");
  CHECK(message.bytes.find("X-Mine: 1") != std::string::npos);
  CHECK(house.answers() == 0);
  house.reply(message);
  CHECK(house.status() == 200);
  CHECK(house.waiting() == 0);
}

TEST_CASE("relay: for nobody there it is kept, and 202 says so when it is on disk [RFC 3428 §7]") {
  House house;
  house.shards.journal().hold();
  house.send();
  CHECK(house.answers() == 0);
  SUBCASE("kept") {
    house.shards.journal().release();
    const Sent answer = house.answer();
    CHECK(answer.message->status() == 202);
    CHECK(answer.header(Header::contact) == "");
    CHECK(answer.message->body().empty());
    CHECK(house.waiting() == 1);
  }
  SUBCASE("not kept") {
    house.shards.journal().fail();
    const Sent answer = house.answer();
    CHECK(answer.message->status() == 503);
    CHECK(answer.header(Header::retry_after) != "");
    CHECK(house.waiting() == 0);
  }
}

TEST_CASE("relay: to all devices, and the first 2xx is the answer [RFC 3261 §16.7]") {
  House house;
  house.registers(house.desk);
  house.registers(house.mobile);
  house.send();
  CHECK(house.takes(house.desk, 486) == "hello");
  CHECK(house.answers() == 0);
  CHECK(house.takes(house.mobile) == "hello");
  CHECK(house.status() == 200);
  // The desk was busy: the message waits for it.
  CHECK(house.waiting() == 1);
}

TEST_CASE("relay: what a device will never take is refused with the best answer, and not kept") {
  for (const int status : {400, 403, 405, 413, 415, 488, 501, 600, 603}) {
    CAPTURE(status);
    House house;
    house.registers(house.desk);
    house.send();
    house.takes(house.desk, status);
    CHECK(house.status() == status);
    CHECK(house.waiting() == 0);
  }
}

TEST_CASE("relay: what a device does not take now is kept for it") {
  for (const int status : {408, 480, 481, 486, 500, 503}) {
    CAPTURE(status);
    House house;
    house.registers(house.desk);
    house.send();
    house.takes(house.desk, status);
    CHECK(house.status() == 202);
    CHECK(house.waiting() == 1);
  }
}

TEST_CASE(
    "relay: the sender is not kept waiting for a device that is silent, which gets it once all the same") {
  House house;
  house.registers(house.desk);
  house.send();
  const Sent first = house.message_to(house.desk);
  house.shards.pass(4s);
  CHECK(house.answers() == 0);
  house.shards.pass(2s);
  CHECK(house.status() == 202);
  CHECK(house.waiting() == 1);
  SUBCASE("it answers late") {
    house.reply(first);
    CHECK(house.waiting() == 0);
    CHECK(house.answers() == 0);
  }
  SUBCASE("it never answers") {
    house.shards.pass(32s);
    CHECK(house.waiting() == 1);
  }
}

TEST_CASE("relay: what is not worth keeping is answered 480 when nobody is there") {
  House house;
  auto text = house.text("<x/>");
  text.lines = "Content-Type: application/im-iscomposing+xml\r\n";
  house.send(text);
  CHECK(house.status() == 480);
  CHECK(house.shards.journal().submitted() == 0);
}

TEST_CASE("relay: what a message requires is the device's to know, and ours when nobody is there") {
  House house;
  auto text = house.text();
  text.lines += "Require: magic\r\n";
  SUBCASE("nobody") {
    house.send(text);
    const Sent answer = house.answer();
    CHECK(answer.message->status() == 420);
    CHECK(answer.header(Header::unsupported) == "magic");
    CHECK(house.waiting() == 0);
  }
  SUBCASE("a device") {
    house.registers(house.desk);
    house.send(text);
    const Sent message = house.message_to(house.desk);
    CHECK(message.header(Header::require) == "magic");
    house.reply(message);
    CHECK(house.status() == 200);
  }
}

TEST_CASE("relay: the same message by another way is delivered once [RFC 3261 §8.2.2.2]") {
  House house;
  house.registers(house.desk);
  auto text = house.text();
  house.send(text);
  text.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKother;rport";
  house.send(text);
  CHECK(house.status() == 482);
  CHECK(house.messages_to(house.desk) == 1);
}

TEST_CASE("relay: a message that waits already is not kept twice") {
  House house;
  auto text = house.text();
  house.send(text);
  CHECK(house.status() == 202);
  text.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKother;rport";
  house.send(text);
  CHECK(house.status() == 202);
  CHECK(house.waiting() == 1);
}

TEST_CASE("relay: a store that is full is answered 480") {
  base::Limits limits;
  limits.waiting_per_user = 1;
  House house(limits);
  house.send("one");
  CHECK(house.status() == 202);
  house.send("two");
  CHECK(house.status() == 480);
  CHECK(house.waiting() == 1);
}

TEST_CASE("relay: a large one is tried by TCP, then sent by UDP as it is [RFC 3261 §18.1.1]") {
  House house;
  house.registers(house.desk);
  house.send(std::string(2'000, 'x'));
  const Sent by_tcp = house.message_to(house.desk);
  CHECK(by_tcp.flow.transport == sip::Transport::tcp);
  house.shards.shard().on_send_failed(by_tcp.token);
  const Sent by_udp = house.message_to(house.desk);
  CHECK(by_udp.flow.transport == sip::Transport::udp);
  CHECK(by_udp.message->body().size() == 2'000);
  house.reply(by_udp);
  CHECK(house.status() == 200);
}
