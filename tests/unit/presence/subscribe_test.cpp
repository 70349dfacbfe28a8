// SPDX-License-Identifier: Apache-2.0
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::presence::test;
using namespace std::chrono_literals;

namespace {

std::string state(const Sent& notify) {
  return notify.header(Header::subscription_state);
}

}  // namespace

TEST_CASE("subscribe: the answer comes first, the NOTIFY at once behind it [RFC 6665 §4.2.1.2]") {
  House house;
  tests::RequestText text;
  text.method = "SUBSCRIBE";
  text.uri = "sip:alice@example.com";
  text.from = "<sip:bob@example.com>;tag=w";
  text.to = "<sip:alice@example.com>";
  text.lines = "Event: presence;id=7\r\nContact: <sip:bob@192.0.2.2>\r\nExpires: 600\r\n";
  house.shards.receive(text.bytes(), House::flow_of("bob"));
  CHECK(house.shards.wire().kinds() == "200 SUBSCRIBE, NOTIFY");
  const Sent answer = house.answer("SUBSCRIBE");
  CHECK(answer.header(Header::expires) == "600");
  CHECK(answer.header(Header::contact) == "<sip:192.0.2.9:5060>");
  const Sent notify = house.notify_to("bob");
  CHECK(state(notify) == "active;expires=600");
  CHECK(notify.header(Header::event) == "presence;id=7");
  CHECK(notify.header(Header::content_type) == "application/pidf+xml");
  CHECK(notify.header(Header::from) == answer.header(Header::to));
  CHECK(notify.header(Header::to) == text.from);
}

TEST_CASE("subscribe: a NOTIFY has the Event of its SUBSCRIBE, letter by letter [RFC 6665 §8.2.1]") {
  House house;
  house.subscribe("bob", "Expires: 0\r\n", "Presence;x=y;id=\"A 1\"");
  CHECK(house.notified("bob").header(Header::event) == "Presence;id=\"A 1\"");
}

TEST_CASE("subscribe: a fetch is one NOTIFY, and nothing is kept [RFC 6665 §4.4.3]") {
  House house;
  house.subscribe("bob", "Expires: 0\r\n");
  CHECK(state(house.notified("bob")) == "terminated;reason=timeout");
  CHECK(house.watchers() == 0);
  CHECK(house.shards.journal().submitted() == 0);
}

TEST_CASE("subscribe: a watcher of another domain is pending and shown nothing [RFC 3856 §6.6.2]") {
  House house;
  house.publish("", pidf("open"));
  house.subscribe("dave");
  const Sent notify = house.notified("dave");
  CHECK(state(notify) == "pending;expires=600");
  CHECK(notify.header(Header::content_type) == "");
  CHECK(notify.message->body().empty());
  house.publish("", pidf("closed"));
  CHECK(house.notifies_to("dave") == 0);
}

TEST_CASE("subscribe: a refresh is answered with the time that is left, and a NOTIFY [RFC 6665 §4.2.1.4]") {
  House house;
  auto dialog = house.subscribe("bob");
  house.notified("bob");
  house.answer("SUBSCRIBE");
  house.subscribe_again(dialog, "Expires: 300\r\n");
  CHECK(house.answer("SUBSCRIBE").header(Header::expires) == "300");
  CHECK(state(house.notified("bob")) == "active;expires=300");
}

TEST_CASE("subscribe: a refresh writes the whole row when something else is new, or the flow has moved") {
  House house;
  const auto wrote_whole_row = [&] {
    return std::holds_alternative<model::SaveSubscription>(house.shards.journal().committed().back());
  };
  auto dialog = house.subscribe("bob");
  house.notified("bob");
  house.subscribe_again(dialog, "Expires: 600\r\n");
  house.notified("bob");
  CHECK_FALSE(wrote_whole_row());
  house.subscribe_again(dialog, "Expires: 600\r\nUser-Agent: another\r\n");
  CHECK(wrote_whole_row());
  // Memory has another flow from now on, and the row the one that failed.
  house.shards.shard().on_send_failed(house.notify_to("bob").token);
  house.subscribe_again(dialog, "Expires: 600\r\nUser-Agent: another\r\n");
  CHECK(wrote_whole_row());
  house.notified("bob");
  house.subscribe_again(dialog, "Expires: 600\r\nUser-Agent: another\r\n");
  CHECK_FALSE(wrote_whole_row());
}

TEST_CASE("subscribe: another id or event in the dialog is refused, and changes nothing [RFC 6665 §4.5.2]") {
  House house;
  auto dialog = house.subscribe("bob");
  house.notified("bob");
  house.answer("SUBSCRIBE");
  house.subscribe_again(dialog, "Expires: 0\r\n", "presence;id=2");
  const Sent refused = house.answer("SUBSCRIBE");
  CHECK(refused.message->status() == 403);
  CHECK(refused.message->reason() == "Forbidden: dialog sharing is not supported");
  house.subscribe_again(dialog, "Expires: 0\r\n", "conference");
  CHECK(house.answer("SUBSCRIBE").message->status() == 489);
  CHECK(house.notifies_to("bob") == 0);
  CHECK(house.watchers() == 1);
}

TEST_CASE("subscribe: an old CSeq is answered 500, whatever else is wrong [RFC 3261 §12.2.2]") {
  House house;
  auto dialog = house.subscribe("bob");
  house.notified("bob");
  house.answer("SUBSCRIBE");
  dialog.cseq = -1;
  house.subscribe_again(dialog, "Expires: 1\r\n", "conference");
  CHECK(house.answer("SUBSCRIBE").message->status() == 500);
  CHECK(house.watchers() == 1);
}

TEST_CASE("subscribe: unsubscribing ends with a NOTIFY that says so [RFC 6665 §4.2.1.4]") {
  House house;
  auto dialog = house.subscribe("bob");
  house.notified("bob");
  house.answer("SUBSCRIBE");
  house.subscribe_again(dialog, "Expires: 0\r\n");
  CHECK(house.answer("SUBSCRIBE").header(Header::expires) == "0");
  CHECK(state(house.notified("bob")) == "terminated;reason=timeout");
  house.subscribe_again(dialog, "Expires: 600\r\n");
  CHECK(house.answer("SUBSCRIBE").message->status() == 481);
}

TEST_CASE("subscribe: what runs out ends with a NOTIFY that says so [RFC 6665 §4.2.1.4]") {
  House house;
  house.subscribe("bob", "Expires: 60\r\n");
  house.notified("bob");
  house.shards.pass(61s);
  CHECK(state(house.notified("bob")) == "terminated;reason=timeout");
  CHECK(house.watchers() == 0);
}

TEST_CASE("subscribe: a new dialog of the same device takes the place of the old one") {
  House house;
  house.subscribe("bob");
  house.notified("bob");
  house.subscribe("bob");
  CHECK(state(house.notified("bob")).starts_with("terminated;reason=giveup"));
  CHECK(state(house.notified("bob")) == "active;expires=600");
  CHECK(house.watchers() == 1);
}

TEST_CASE("subscribe: a watcher too many is refused with 503 and Retry-After") {
  base::Limits limits;
  limits.watchers_per_user = 1;
  House house(limits);
  house.subscribe("bob");
  house.answer("SUBSCRIBE");
  house.subscribe("carol");
  const Sent refused = house.answer("SUBSCRIBE");
  CHECK(refused.message->status() == 503);
  CHECK(refused.header(Header::retry_after) != "");
}
