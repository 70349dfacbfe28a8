// SPDX-License-Identifier: Apache-2.0
// Subscriptions to lists (RFC 4662, RFC 5367).
#include "house.hpp"
#include "list_notify.hpp"
#include "rule_texts.hpp"

#include <rollcall/presence/lists.hpp>

#include <doctest/doctest.h>

namespace rollcall::presence::test {

namespace {

using namespace std::chrono_literals;

/// bob watches lists.
class ListHouse {
 public:
  explicit ListHouse(const base::Limits& limits = roomy(), Policy policy = {})
      : house(limits, std::move(policy)) {
    const auto read = [this](const ListWish& wish, base::MoveFunction<void(base::Result<WatchedList>)> done) {
      wishes.push_back(wish);
      done(list);
    };
    house.agent.set_watched_lists(read, OwnLists({"{user}-buddies"}));
    house.shards.shard().keeper().apply({model::SaveDomain{{"example.com", {}}}});
    WatchedList buddies;
    buddies.owner = tests::aor("bob@example.com");
    buddies.sources = {buddies.owner};
    buddies.members = {
        {"sip:alice@example.com", "Alice"}, {"sip:carol@example.com", ""}, {"sip:x@foreign.net", ""}};
    list = buddies;
  }

  House::Dialog subscribe(const std::string& lines = std::string("Expires: 600\r\n").append(with_lists),
                          const std::string& uri = "sip:bob-buddies@example.com") {
    return house.subscribe("bob", lines, "presence", uri);
  }
  ListNotify notified() { return ListNotify(house.notified("bob")); }

  House house;
  base::Result<WatchedList> list = base::not_found("none");
  std::vector<ListWish> wishes;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A list is told whole first: each member with its state, who is unknown without (RFC 4662 §4.5)") {
  ListHouse lists;
  lists.subscribe();
  const Sent answer = lists.house.answer("SUBSCRIBE");
  CHECK(answer.message->status() == 200);
  CHECK(answer.header(Header::require) == "eventlist");
  const ListNotify notify = lists.notified();
  CHECK(notify.state.starts_with("active"));
  CHECK(notify.attribute("uri") == "sip:bob-buddies@example.com");
  CHECK(notify.attribute("version") == "0");
  CHECK(notify.attribute("fullState") == "true");
  CHECK(notify.resources() == 3);
  CHECK(notify.resource("sip:alice@example.com")->children.front().text == "Alice");
  CHECK(notify.instance("sip:alice@example.com") == "active");
  CHECK(contains(notify.document("sip:alice@example.com"), "closed"));
  CHECK(notify.instance("sip:x@foreign.net") == "");
  REQUIRE(lists.wishes.size() == 1);
  CHECK(lists.wishes.front().own);
  CHECK(lists.wishes.front().owner == tests::aor("bob@example.com"));
}

TEST_CASE("A change on a list is told alone, with the next version (RFC 4662 §5.2)") {
  ListHouse lists;
  lists.subscribe();
  lists.notified();
  lists.house.shards.pass(10s);
  lists.house.publish("Expires: 600\r\n", pidf("open"));
  const ListNotify notify = lists.notified();
  CHECK(notify.attribute("version") == "1");
  CHECK(notify.attribute("fullState") == "false");
  CHECK(notify.resources() == 1);
  CHECK(contains(notify.document("sip:alice@example.com"), "<basic>open</basic>"));
}

TEST_CASE("Changes that follow each other are told together, the newest of each member") {
  ListHouse lists;
  lists.subscribe();
  lists.notified();
  lists.house.publish("Expires: 600\r\n", pidf("open"));
  lists.house.publish("Expires: 600\r\n", pidf("open", "<note>later</note>", "u"));
  CHECK(lists.house.notifies_to("bob") == 0);
  lists.house.shards.pass(std::chrono::milliseconds(base::Limits().list_pause_milliseconds) + 100ms);
  const ListNotify notify = lists.notified();
  CHECK(notify.attribute("version") == "1");
  CHECK(contains(notify.document("sip:alice@example.com"), "later"));
  lists.house.shards.pass(10s);
  CHECK(lists.house.notifies_to("bob") == 0);
}

TEST_CASE("A refresh of a list is answered with the full state (RFC 4662 §4.5)") {
  ListHouse lists;
  House::Dialog dialog = lists.subscribe();
  lists.notified();
  lists.house.subscribe_again(dialog, std::string("Expires: 600\r\n").append(with_lists));
  const ListNotify notify = lists.notified();
  CHECK(notify.attribute("fullState") == "true");
  CHECK(notify.attribute("version") == "1");
  CHECK(notify.resources() == 3);
  CHECK(contains(notify.document("sip:alice@example.com"), "closed"));
}

TEST_CASE("The rules of a member hold for who watches it by way of a list (RFC 4662 §7)") {
  Policy policy;
  policy.otherwise = rules::DomainDefault::confirm;
  ListHouse lists(roomy(), policy);
  lists.subscribe();
  CHECK(lists.notified().instance("sip:alice@example.com") == "pending");
  lists.house.shards.pass(10s);
  lists.house.set_rules(ruleset(rule("r", one("bob@example.com"), "allow")));
  const ListNotify allowed = lists.notified();
  CHECK(allowed.instance("sip:alice@example.com") == "active");
  CHECK(contains(allowed.document("sip:alice@example.com"), "closed"));
  lists.house.shards.pass(10s);
  lists.house.set_rules(ruleset(rule("r", one("bob@example.com"), "block")));
  CHECK(lists.notified().instance("sip:alice@example.com") == "terminated rejected");
}

TEST_CASE("Who waits to see a member by way of a list is told to the member (RFC 3857)") {
  Policy policy;
  policy.otherwise = rules::DomainDefault::confirm;
  ListHouse lists(roomy(), policy);
  lists.house.subscribe("alice", "Expires: 600\r\n", "presence.winfo");
  lists.house.notified("alice");
  lists.subscribe();
  const Sent told = lists.house.notified("alice");
  const std::string body(told.message->body());
  CHECK(contains(body, "sip:bob@example.com"));
  CHECK(contains(body, "status=\"pending\""));
}

TEST_CASE("After the end of a subscription to a list nothing of it is left") {
  ListHouse lists;
  House::Dialog dialog = lists.subscribe();
  lists.notified();
  lists.house.subscribe_again(dialog, std::string("Expires: 0\r\n").append(with_lists));
  CHECK(lists.house.notified("bob")
            .header(Header::subscription_state)
            .starts_with("terminated;reason=timeout"));
  lists.house.shards.pass(10s);
  lists.house.publish("Expires: 600\r\n", pidf("open"));
  CHECK(lists.house.notifies_to("bob") == 0);
}

TEST_CASE("A list is fetched with a subscription that does not last (RFC 6665 §4.4.3)") {
  ListHouse lists;
  lists.subscribe(std::string("Expires: 0\r\n").append(with_lists));
  const ListNotify notify = lists.notified();
  CHECK(notify.state.starts_with("terminated"));
  CHECK(notify.resources() == 3);
  lists.house.shards.pass(10s);
  lists.house.publish("Expires: 600\r\n", pidf("open"));
  CHECK(lists.house.notifies_to("bob") == 0);
}

TEST_CASE("Who does not know lists is asked to, and who has none is not found (RFC 4662 §4.4)") {
  ListHouse lists;
  lists.subscribe("Expires: 600\r\n");
  const Sent answer = lists.house.answer("SUBSCRIBE");
  CHECK(answer.message->status() == 421);
  CHECK(answer.header(Header::require) == "eventlist");
  lists.list = base::not_found("none");
  lists.subscribe(std::string("Expires: 600\r\n").append(with_lists), "sip:nothing@example.com");
  CHECK(lists.house.answer("SUBSCRIBE").message->status() == 404);
}

TEST_CASE("The list of another user is not shown") {
  ListHouse lists;
  lists.house.subscribe("carol", std::string("Expires: 600\r\n").append(with_lists), "presence",
                        "sip:bob-buddies@example.com");
  CHECK(lists.house.answer("SUBSCRIBE").message->status() == 403);
}

TEST_CASE("A list that comes with the SUBSCRIBE is watched (RFC 5367 §4)") {
  ListHouse lists;
  const std::string body =
      "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'><list><entry "
      "uri='sip:carol@example.com'/>"
      "<entry uri='sip:nobody@example.com'/></list></resource-lists>";
  lists.house.subscribe(
      "bob",
      "Expires: 600\r\nSupported: eventlist\r\nRequire: recipient-list-subscribe\r\n"
      "Content-Type: application/resource-lists+xml\r\nContent-Disposition: recipient-list\r\n",
      "presence", "sip:rls@example.com", body);
  CHECK(lists.house.answer("SUBSCRIBE").message->status() == 200);
  const ListNotify notify = lists.notified();
  CHECK(notify.attribute("uri") == "sip:rls@example.com");
  CHECK(notify.instance("sip:carol@example.com") == "active");
  CHECK(notify.instance("sip:nobody@example.com") == "terminated noresource");
  CHECK(lists.wishes.empty());
}

TEST_CASE("A list that comes with a refresh takes the place of the one before") {
  ListHouse lists;
  const std::string head =
      "Expires: 600\r\nSupported: eventlist\r\nRequire: recipient-list-subscribe\r\n"
      "Content-Type: application/resource-lists+xml\r\nContent-Disposition: recipient-list\r\n";
  const auto list_of = [](const std::string& uri) {
    return "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'><list><entry uri='" + uri +
           "'/></list></resource-lists>";
  };
  House::Dialog dialog =
      lists.house.subscribe("bob", head, "presence", "sip:rls@example.com", list_of("sip:carol@example.com"));
  lists.notified();
  lists.house.subscribe_again(dialog, head, "presence", list_of("sip:alice@example.com"));
  const ListNotify notify = lists.notified();
  CHECK(notify.attribute("fullState") == "true");
  CHECK(notify.resources() == 1);
  CHECK(notify.resource("sip:alice@example.com"));
}

TEST_CASE("A SUBSCRIBE that has to bring a list and brings none is answered 415 or 400 (RFC 5367 §4)") {
  ListHouse lists;
  const std::string head = "Expires: 600\r\nSupported: eventlist\r\nRequire: recipient-list-subscribe\r\n";
  const auto status = [&](const std::string& type, const std::string& body) {
    lists.house.subscribe("bob", head + "Content-Type: " + type + "\r\n", "presence", "sip:rls@example.com",
                          body);
    return lists.house.answer("SUBSCRIBE").message->status();
  };
  CHECK(status("text/plain", "alice, bob") == 415);
  CHECK(status("application/resource-lists+xml", "<resource-lists") == 400);
}

TEST_CASE("When the document of a list changes it is told whole, with who is on it now") {
  ListHouse lists;
  lists.subscribe();
  lists.notified();
  lists.house.shards.pass(10s);
  lists.list->members = {{"sip:carol@example.com", "Carol"}};
  lists.house.commit({model::SaveDocument{{tests::aor("bob@example.com"),
                                           "resource-lists/index",
                                           "\"2\"",
                                           "x",
                                           lists.house.shards.clock.now(),
                                           {}}}});
  const ListNotify notify = lists.notified();
  CHECK(notify.attribute("fullState") == "true");
  CHECK(notify.resources() == 1);
  CHECK(notify.resource("sip:carol@example.com"));
  lists.house.shards.pass(10s);
  lists.house.publish("Expires: 600\r\n", pidf("open"));
  CHECK(lists.house.notifies_to("bob") == 0);
}

TEST_CASE("No NOTIFY of a list that tells of two is longer than a datagram may be (RFC 3261 §18.1.1)") {
  ListHouse lists{base::Limits()};
  for (int i = 0; i < 60; ++i)
    lists.list->members.push_back(
        {"sip:somebody-with-a-name-" + std::to_string(i) + "@example.com", "Some Body"});
  lists.subscribe();
  std::size_t resources = 0;
  std::uint32_t version = 0;
  for (std::size_t i = 0; resources < 63 && i < 70; ++i) {
    const Sent sent = lists.house.notified("bob");
    const ListNotify notify(sent);
    CHECK(notify.attribute("version") == std::to_string(version++));
    if (sent.message->bytes().size() > 1300) CHECK(notify.told_about() == 1);
    resources += notify.resources();
  }
  CHECK(resources >= 63);
  CHECK(version > 1);
}

TEST_CASE(
    "A user has so many subscriptions to lists and no more; one of the same device makes room for the next") {
  base::Limits limits = roomy();
  limits.lists_per_user = 1;
  ListHouse lists(limits);
  const auto subscribe = [&](const std::string& list) {
    lists.subscribe(std::string("Expires: 600\r\n").append(with_lists), list);
    return lists.house.answer("SUBSCRIBE").message->status();
  };
  CHECK(subscribe("sip:bob-buddies@example.com") == 200);
  CHECK(subscribe("sip:bob-buddies@example.com") == 200);
  CHECK(subscribe("sip:another@example.com") == 503);
}

TEST_CASE("A list whose documents cannot be read is read when they can") {
  ListHouse lists;
  const auto buddies = lists.list;
  lists.list = base::unavailable("no database");
  lists.subscribe();
  CHECK(lists.house.answer("SUBSCRIBE").message->status() == 200);
  CHECK(lists.house.notifies_to("bob") == 0);
  lists.list = buddies;
  lists.house.shards.pass(6s);
  CHECK(lists.notified().resources() == 3);
}

TEST_CASE("A name of a list has the user's in it or is the same for all") {
  const OwnLists lists({"{user}-buddies", "rls"});
  const auto owner = [&](const char* list) {
    const auto found = lists.owner_of(tests::aor(list), tests::aor("bob@example.com"));
    return found ? found->text() : "";
  };
  CHECK(owner("alice-buddies@example.com") == "alice@example.com");
  CHECK(owner("rls@example.com") == "bob@example.com");
  CHECK(owner("rls@example.org") == "");
  CHECK(owner("-buddies@example.com") == "");
  CHECK(owner("alice@example.com") == "");
  CHECK(OwnLists::fault_in("{user}+presence") == "");
  CHECK(OwnLists::fault_in("{user}") != "");
  CHECK(OwnLists::fault_in("{user}{user}") != "");
  CHECK(OwnLists::fault_in("a@b") != "");
}

}  // namespace rollcall::presence::test
