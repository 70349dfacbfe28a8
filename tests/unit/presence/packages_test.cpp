// SPDX-License-Identifier: Apache-2.0
// Event packages other than presence.
#include "house.hpp"

#include <doctest/doctest.h>

namespace rollcall::presence::test {

using namespace std::chrono_literals;

namespace {

std::string body_of(const Sent& sent) {
  return std::string(sent.message->body());
}

bool names(const std::string& document, std::string_view text) {
  return document.find(text) != std::string::npos;
}

constexpr auto for_long = "Expires: 600\r\n";

}  // namespace

TEST_CASE("winfo: one is told who watches, and when somebody begins or ends [RFC 3857 §4.7.1]") {
  House house;
  auto bob = house.subscribe("bob");
  house.notified("bob");
  house.subscribe("alice", for_long, "presence.winfo");
  const Sent first = house.notified("alice");
  CHECK(first.header(Header::content_type) == "application/watcherinfo+xml");
  CHECK(first.header(Header::event) == "presence.winfo");
  CHECK(names(body_of(first), "version=\"0\""));
  CHECK(names(body_of(first), "state=\"full\""));
  CHECK(names(body_of(first), "resource=\"sip:alice@example.com\""));
  CHECK(names(body_of(first), ">sip:bob@example.com<"));
  CHECK(names(body_of(first), "status=\"active\""));

  house.subscribe("dave");  // of another domain: has to be asked about
  house.notified("dave");
  const std::string second = body_of(house.notified("alice"));
  CHECK(names(second, "version=\"1\""));
  CHECK(names(second, ">sip:dave@example.org<"));
  CHECK(names(second, "status=\"pending\""));

  house.subscribe_again(bob, "Expires: 0\r\n");
  house.notified("bob");
  const std::string third = body_of(house.notified("alice"));
  CHECK(names(third, "version=\"2\""));
  CHECK(names(third, "state=\"partial\""));
  CHECK(names(third, "status=\"terminated\" event=\"timeout\""));
  CHECK(names(third, ">sip:bob@example.com<"));
  CHECK_FALSE(names(third, ">sip:dave@example.org<"));
}

TEST_CASE("winfo: a refresh of a watcher changes nothing that is told") {
  House house;
  auto bob = house.subscribe("bob");
  house.notified("bob");
  house.subscribe("alice", for_long, "presence.winfo");
  house.notified("alice");
  house.subscribe_again(bob, for_long);
  house.notified("bob");
  CHECK(house.notifies_to("alice") == 0);
}

TEST_CASE("winfo: it is told to nobody else [RFC 3857 §4.5]") {
  House house;
  house.subscribe("bob", for_long, "presence.winfo");
  CHECK(house.answer("SUBSCRIBE").kind() == "403 SUBSCRIBE");
  CHECK(house.notifies_to("bob") == 0);
}

TEST_CASE("winfo: who watches it is not among the watchers") {
  House house;
  house.subscribe("alice", for_long, "presence.winfo");
  CHECK_FALSE(names(body_of(house.notified("alice")), "<watcher "));
  CHECK(house.watchers() == 0);
}

TEST_CASE(
    "message-summary: one is told how many messages wait, at once and when it changes [RFC 3842 §3.7]") {
  House house;
  std::size_t waiting = 0;
  house.agent.set_messages_waiting(
      [&](std::string_view aor) { return aor == "alice@example.com" ? waiting : 0; });
  house.subscribe("alice", for_long, "message-summary");
  const Sent first = house.notified("alice");
  CHECK(first.header(Header::content_type) == "application/simple-message-summary");
  CHECK(body_of(first) ==
        "Messages-Waiting: no\r\nMessage-Account: sip:alice@example.com\r\nText-Message: 0/0\r\n");
  waiting = 2;
  model::StoredMessage message;
  message.receiver = tests::aor("alice@example.com");
  message.id = "1";
  house.shards.shard().keeper().commit({model::SaveMessage{message}}, [](const base::Result<>&) {});
  CHECK(names(body_of(house.notified("alice")), "Messages-Waiting: yes"));
}

TEST_CASE("packages: a change of presence is not told to those who watch something else") {
  House house;
  house.subscribe("alice", for_long, "message-summary");
  house.notified("alice");
  house.subscribe("bob");
  house.notified("bob");
  house.publish("", pidf("open"));
  house.notified("bob");
  CHECK(house.notifies_to("alice") == 0);
}

TEST_CASE("packages: nothing but presence is published [RFC 3903 §6 step 2]") {
  House house;
  CHECK(find_package("PRESENCE") != nullptr);
  CHECK(find_package("presence.winfo.winfo") == nullptr);
  CHECK_FALSE(find_package("presence.winfo")->may_publish);
  CHECK_FALSE(find_package("message-summary")->may_publish);
}

}  // namespace rollcall::presence::test
