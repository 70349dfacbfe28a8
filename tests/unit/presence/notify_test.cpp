// SPDX-License-Identifier: Apache-2.0
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::presence::test;
using namespace std::chrono_literals;

namespace {

bool shows(const Sent& notify, std::string_view text) {
  return notify.message->body().find(text) != std::string_view::npos;
}

std::string if_match(const Sent& published) {
  return "SIP-If-Match: " + published.header(Header::sip_etag) + "\r\n";
}

}  // namespace

TEST_CASE("notify: one at a time, and the last state arrives when the answer does [RFC 6665 §4.2.2]") {
  House house;
  house.subscribe("bob");
  const Sent first = house.notify_to("bob");
  Sent published = house.publish("", pidf("open", "<note>one</note>"));
  published = house.publish(if_match(published), pidf("open", "<note>two</note>"));
  house.publish(if_match(published), pidf("open", "<note>three</note>"));
  CHECK(house.notifies_to("bob") == 0);
  house.reply(first);
  const Sent second = house.notified("bob");
  CHECK(shows(second, "three"));
  CHECK(second.header(Header::cseq) == "2 NOTIFY");
  CHECK(house.notifies_to("bob") == 0);
}

TEST_CASE("notify: a watcher that does not answer delays nobody else") {
  House house;
  house.subscribe("bob");
  house.subscribe("carol");
  house.notified("carol");
  house.publish("", pidf("open", "<note>news</note>"));
  CHECK(shows(house.notified("carol"), "news"));
}

TEST_CASE("notify: a refreshed publication tells nobody, as nothing looks different") {
  House house;
  house.subscribe("bob");
  house.notified("bob");
  const Sent published = house.publish("", pidf("open"));
  house.notified("bob");
  house.publish(if_match(published));
  CHECK(house.notifies_to("bob") == 0);
}

TEST_CASE("notify: what an answer ends is ended without another NOTIFY [RFC 6665 §4.2.2]") {
  for (const int status : {404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604}) {
    CAPTURE(status);
    House house;
    house.subscribe("bob");
    house.notified("bob", status);
    CHECK(house.watchers() == 0);
    CHECK(house.notifies_to("bob") == 0);
  }
}

TEST_CASE("notify: no answer ends the subscription [RFC 6665 §4.2.2]") {
  House house;
  house.subscribe("bob");
  house.shards.pass(33s);
  CHECK(house.watchers() == 0);
}

TEST_CASE("notify: any other refusal is tried again, when Retry-After says, with the newest state") {
  for (const int status : {400, 401, 403, 407, 500, 503, 603}) {
    CAPTURE(status);
    House house;
    house.subscribe("bob");
    house.reply(house.notify_to("bob"), sip::Reply(status).with(Header::retry_after, "7 (busy);duration=60"));
    house.publish("", pidf("open", "<note>news</note>"));
    CHECK(house.notifies_to("bob") == 0);
    house.shards.pass(6s);
    CHECK(house.notifies_to("bob") == 0);
    house.shards.pass(2s);
    CHECK(shows(house.notified("bob"), "news"));
    CHECK(house.watchers() == 1);
  }
}

TEST_CASE("notify: a watcher that refuses again and again is given up") {
  House house;
  house.subscribe("bob", "Expires: 3600\r\n");
  for (int i = 0; i < 5; ++i) {
    house.notified("bob", 500);
    house.shards.pass(30s + engine::Wheel::tick * 2);
  }
  CHECK(house.watchers() == 0);
  CHECK(house.notifies_to("bob") == 0);
}

TEST_CASE("notify: a refresh is followed by a NOTIFY even when one was put off") {
  House house;
  auto dialog = house.subscribe("bob");
  house.reply(house.notify_to("bob"), sip::Reply(503).with(Header::retry_after, "500"));
  house.subscribe_again(dialog, "Expires: 600\r\n");
  CHECK(house.notifies_to("bob") == 1);
}

TEST_CASE(
    "notify: too large for a datagram it is tried by TCP, then sent by UDP as it is [RFC 3261 §18.1.1]") {
  House house;
  house.subscribe("bob");
  house.notified("bob");
  house.publish("", pidf("open", "<note>" + std::string(2'000, 'x') + "</note>"));
  const Sent by_tcp = house.notify_to("bob");
  CHECK(by_tcp.flow.transport == sip::Transport::tcp);
  CHECK(by_tcp.flow.remote == House::flow_of("bob").remote);
  CHECK(by_tcp.header(Header::via).starts_with("SIP/2.0/TCP"));
  house.shards.shard().on_send_failed(by_tcp.token);
  const Sent by_udp = house.notified("bob");
  CHECK(by_udp.flow.transport == sip::Transport::udp);
  CHECK(by_udp.header(Header::via).starts_with("SIP/2.0/UDP"));
  CHECK(by_udp.header(Header::cseq) == by_tcp.header(Header::cseq));
  CHECK(shows(by_udp, "xxxx"));
  CHECK(house.watchers() == 1);
}

TEST_CASE("notify: a watcher behind NAT gets a large one on the way it came by") {
  House house;
  auto dialog = house.subscribe("bob");
  house.notified("bob");
  tests::RequestText text;
  text.method = "SUBSCRIBE";
  text.uri = "sip:alice@example.com";
  text.via = "SIP/2.0/UDP 10.0.0.4:5060;branch=z9hG4bKnat;rport";
  text.from = "<sip:carol@example.com>;tag=w";
  text.to = "<sip:alice@example.com>";
  text.lines = "Event: presence\r\nContact: <sip:carol@10.0.0.4>\r\nExpires: 600\r\n";
  house.shards.receive(text.bytes(), House::flow_of("carol"));
  house.notified("carol");
  house.publish("", pidf("open", "<note>" + std::string(2'000, 'x') + "</note>"));
  const Sent notify = house.notified("carol");
  CHECK(notify.flow.transport == sip::Transport::udp);
  CHECK(notify.flow.remote == House::flow_of("carol").remote);
}

TEST_CASE("notify: everybody is told that a registration ran out, also after somebody asked in between") {
  House house;
  house.register_alice(120s);
  auto dialog = house.subscribe("bob");
  CHECK(shows(house.notified("bob"), "open"));
  house.subscribe("carol");
  CHECK(shows(house.notified("carol"), "open"));
  // The database is slow: the binding counts no more, and is not yet off the disk.
  house.shards.journal().hold();
  house.shards.pass(121s);
  CHECK(house.notifies_to("carol") == 0);
  house.subscribe("bob", "Expires: 0\r\n");
  CHECK(shows(house.notified("bob"), "closed"));
  house.shards.journal().release();
  house.shards.settle();
  CHECK(shows(house.notified("carol"), "closed"));
  CHECK(house.notifies_to("carol") == 0);
}

TEST_CASE("notify: who is disabled is watched no more [RFC 6665 §4.1.3]") {
  House house;
  house.subscribe("bob");
  house.notified("bob");
  auto user = tests::user_named("alice@example.com");
  user.enabled = false;
  house.shards.shard().keeper().commit({model::SaveUser{user}}, [](const base::Result<>&) {});
  CHECK(house.notified("bob").header(Header::subscription_state) == "terminated;reason=noresource");
  CHECK(house.watchers() == 0);
}
