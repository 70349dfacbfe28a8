// SPDX-License-Identifier: Apache-2.0
// Who may see whom, and what: rules at work on subscriptions.
#include "house.hpp"
#include "rule_texts.hpp"

#include <rollcall/rules/edit.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace rollcall::presence::test {

using namespace std::chrono_literals;
using rules::Handling;

namespace {

std::string state(const Sent& notify) {
  return notify.header(Header::subscription_state);
}

bool shows(const Sent& notify, std::string_view text) {
  return notify.message->body().find(text) != std::string_view::npos;
}

std::string decided(std::string_view watcher, Handling handling) {
  const rules::Decision decision{tests::aor(watcher), handling};
  return rules::document_of({&decision, 1});
}

constexpr auto person_note =
    "<p:person xmlns:p=\"urn:ietf:params:xml:ns:pidf:data-model\" "
    "id=\"p1\"><p:note>lunch</p:note></p:person>";

/// A NOTIFY without what differs between two dialogs.
std::string likeness(const Sent& notify) {
  std::string text;
  for (const Header header : {Header::subscription_state, Header::event, Header::content_type,
                              Header::content_length, Header::contact, Header::cseq})
    text += notify.header(header) + "\n";
  return text + std::string(notify.message->body());
}

}  // namespace

TEST_CASE("access: the default of the domain decides about whom no rule is about [RFC 3856 §6.6.2]") {
  using rules::DomainDefault;
  struct Row {
    DomainDefault policy;
    std::string colleague, stranger;  // of the presentity's domain, and of another one
  };
  const Row rows[] = {
      {DomainDefault::allow_domain, "active;expires=600", "pending;expires=600"},
      {DomainDefault::open, "active;expires=600", "active;expires=600"},
      {DomainDefault::confirm, "pending;expires=600", "pending;expires=600"},
  };
  for (const Row& row : rows) {
    CAPTURE(rules::to_string(row.policy));
    House house({}, Policy{row.policy, {}});
    house.subscribe("bob");
    CHECK(state(house.notified("bob")) == row.colleague);
    house.subscribe("dave");
    CHECK(state(house.notified("dave")) == row.stranger);
    house.subscribe("alice");
    CHECK(state(house.notified("alice")) == "active;expires=600");
  }
}

TEST_CASE("access: a domain may have a default of its own") {
  House house({}, Policy{rules::DomainDefault::block, {{"example.com", rules::DomainDefault::confirm}}});
  house.subscribe("bob");
  CHECK(state(house.notified("bob")) == "pending;expires=600");
}

TEST_CASE("access: who is blocked is refused with 403, and leaves nothing [RFC 5025 §3.2.1]") {
  House house;
  house.set_rules(decided("bob@example.com", Handling::block));
  for (const char* expires : {"Expires: 600\r\n", "Expires: 0\r\n"}) {
    house.subscribe("bob", expires);
    CHECK(house.answer("SUBSCRIBE").message->status() == 403);
    CHECK(house.notifies_to("bob") == 0);
  }
  CHECK(house.watchers() == 0);
}

TEST_CASE("access: an approval is told at once [RFC 3856 §6.7]") {
  House house;
  house.publish("", pidf("open", "<note>here</note>"));
  house.subscribe("dave");
  CHECK(state(house.notified("dave")) == "pending;expires=600");
  house.set_rules(decided("dave@example.org", Handling::allow));
  const Sent told = house.notified("dave");
  CHECK(state(told) == "active;expires=600");
  CHECK(shows(told, "here"));
  CHECK(house.notifies_to("dave") == 0);
}

TEST_CASE("access: who is blocked later is ended with reason rejected [RFC 6665 §4.4.1]") {
  House house;
  house.publish("", pidf("open", "<note>here</note>"));
  house.subscribe("bob");
  house.notified("bob");
  house.set_rules(decided("bob@example.com", Handling::block));
  const Sent last = house.notified("bob");
  CHECK(state(last) == "terminated;reason=rejected");
  CHECK(last.message->body().empty());
  CHECK(house.watchers() == 0);
}

TEST_CASE("access: an approval that is taken back leaves the watcher pending and shown nothing") {
  House house;
  house.set_rules(decided("dave@example.org", Handling::allow));
  house.subscribe("dave");
  CHECK(state(house.notified("dave")) == "active;expires=600");
  house.remove_rules();
  const Sent told = house.notified("dave");
  CHECK(state(told) == "pending;expires=600");
  CHECK(told.message->body().empty());
  house.publish("", pidf("open"));
  CHECK(house.notifies_to("dave") == 0);
}

TEST_CASE("access: polite block looks as an offline user does, and no change is told [RFC 5025 §3.2.1]") {
  House blocked, offline;
  blocked.set_rules(decided("bob@example.com", Handling::polite_block));
  blocked.register_alice(500s);
  const Sent published = blocked.publish("", pidf("open", "<note>here</note>"));
  auto one = blocked.subscribe("bob");
  auto other = offline.subscribe("bob");
  CHECK(likeness(blocked.notified("bob")) == likeness(offline.notified("bob")));
  blocked.publish("SIP-If-Match: " + published.header(Header::sip_etag) + "\r\n", pidf("closed"));
  CHECK(blocked.notifies_to("bob") == 0);
  blocked.subscribe_again(one, "Expires: 600\r\n");
  offline.subscribe_again(other, "Expires: 600\r\n");
  CHECK(likeness(blocked.notified("bob")) == likeness(offline.notified("bob")));
  blocked.subscribe_again(one, "Expires: 0\r\n");
  offline.subscribe_again(other, "Expires: 0\r\n");
  CHECK(likeness(blocked.notified("bob")) == likeness(offline.notified("bob")));
}

TEST_CASE("access: polite block of a watcher looks as if the user went offline, and is told once") {
  House house;
  house.publish("", pidf("open", "<note>here</note>"));
  house.subscribe("bob");
  house.notified("bob");
  house.set_rules(decided("bob@example.com", Handling::polite_block));
  const Sent told = house.notified("bob");
  CHECK(state(told) == "active;expires=600");
  CHECK(shows(told, "<basic>closed</basic>"));
  CHECK_FALSE(shows(told, "here"));
  house.set_rules(decided("bob@example.com", Handling::polite_block));
  CHECK(house.notifies_to("bob") == 0);
}

TEST_CASE("access: polite block of an offline user tells nobody anything") {
  House house;
  house.subscribe("bob");
  house.notified("bob");
  house.set_rules(decided("bob@example.com", Handling::polite_block));
  CHECK(house.notifies_to("bob") == 0);
  house.remove_rules();
  CHECK(house.notifies_to("bob") == 0);
}

TEST_CASE(
    "access: each watcher is shown what the rules provide, and told when that changes [RFC 5025 §3.3]") {
  House house;
  house.set_rules(ruleset(rule("a", one("bob@example.com"), "allow", services_only) +
                          rule("b", one("carol@example.com"), "allow")));
  const Sent published = house.publish("", pidf("open", person_note));
  house.subscribe("bob");
  house.subscribe("carol");
  const Sent to_bob = house.notified("bob");
  CHECK(shows(to_bob, "<basic>open</basic>"));
  CHECK_FALSE(shows(to_bob, "lunch"));
  CHECK(shows(house.notified("carol"), "lunch"));
  // bob may not see what changed.
  house.publish("SIP-If-Match: " + published.header(Header::sip_etag) + "\r\n", pidf("open"));
  CHECK(house.notifies_to("bob") == 0);
  CHECK_FALSE(shows(house.notified("carol"), "lunch"));
}

TEST_CASE("access: watchers with equal rights share one body") {
  House house;
  house.set_rules(ruleset(rule("a", one("bob@example.com"), "allow", services_only) +
                          rule("b", one("carol@example.com"), "allow", services_only)));
  house.publish("", pidf("open", person_note));
  const auto bob = house.agent.look(tests::aor("alice@example.com"), tests::aor("bob@example.com"));
  const auto carol = house.agent.look(tests::aor("alice@example.com"), tests::aor("carol@example.com"));
  CHECK(bob.handling == Handling::allow);
  CHECK(bob.body == carol.body);
  const auto self = house.agent.look(tests::aor("alice@example.com"), tests::aor("alice@example.com"));
  CHECK(self.body != bob.body);
}

TEST_CASE("access: a change of the rules tells each of many watchers once") {
  House house;
  for (int i = 0; i < 1'000; ++i) {
    model::Subscription subscription;
    subscription.presentity = tests::aor("alice@example.com");
    subscription.id = static_cast<std::uint64_t>(i) + 1;
    subscription.event = "presence";
    subscription.watcher = tests::aor(fmt::format("w{}@example.org", i));
    subscription.dialog.call_id = fmt::format("c{}", i);
    subscription.dialog.local_tag = fmt::format("l{}", i);
    subscription.dialog.remote_tag = "r";
    subscription.dialog.local_uri = "sip:alice@example.com";
    subscription.dialog.remote_uri = "sip:crowd@example.org";
    subscription.dialog.remote_target = "sip:crowd@192.0.2.3:5060";
    subscription.flow = House::flow_of("crowd");
    subscription.run = 1;
    subscription.expires = house.shards.clock.now() + 600s;
    house.shards.shard().keeper().apply({model::SaveSubscription{subscription}});
  }
  house.agent.resume();
  house.shards.pass(400ms);  // before anything is sent again
  REQUIRE(house.notifies_to("crowd") == 1'000);
  for (int i = 0; i < 1'000; ++i)
    CHECK(state(house.notified("crowd")).starts_with("pending"));
  house.set_rules(ruleset(rule("a", anybody(), "allow", services_only)));
  CHECK(house.notifies_to("crowd") == 1'000);
  for (int i = 0; i < 1'000; ++i)
    CHECK(state(house.notified("crowd")).starts_with("active"));
  CHECK(house.notifies_to("crowd") == 0);
}

TEST_CASE("access: rules that change while a SUBSCRIBE is being kept count for it") {
  House house;
  house.shards.journal().hold();
  house.subscribe("dave");
  // Committed together, and applied in their order.
  house.set_rules(decided("dave@example.org", Handling::block));
  house.shards.journal().release();
  house.shards.settle();
  CHECK(house.notifies_to("dave") >= 1);
  Sent last = house.notified("dave");
  while (house.notifies_to("dave") > 0)
    last = house.notified("dave");
  CHECK(state(last) == "terminated;reason=rejected");
  CHECK(house.watchers() == 0);
}

TEST_CASE("access: a validity counts from its begin to its end [RFC 4745 §7.4]") {
  House house;
  const auto after = [&](base::Duration time) { return base::to_rfc3339(house.shards.clock.now() + time); };
  const std::string validity = "<cr:validity><cr:from>" + after(100s) + "</cr:from><cr:until>" + after(200s) +
                               "</cr:until></cr:validity>";
  house.set_rules(ruleset(rule("a", one("dave@example.org") + validity, "allow")));
  house.subscribe("dave");
  CHECK(state(house.notified("dave")).starts_with("pending"));
  house.shards.pass(99s);
  CHECK(house.notifies_to("dave") == 0);
  house.shards.pass(1s + 100ms);
  CHECK(state(house.notified("dave")).starts_with("active"));
  house.shards.pass(99s);
  CHECK(house.notifies_to("dave") == 0);
  house.shards.pass(1s + 100ms);
  CHECK(state(house.notified("dave")).starts_with("pending"));
}

TEST_CASE("access: a subscription whose end could not be kept goes on as the rules are then") {
  House house;
  const std::string validity = "<cr:validity><cr:from>2000-01-01T00:00:00Z</cr:from><cr:until>" +
                               base::to_rfc3339(house.shards.clock.now() + 100s) +
                               "</cr:until></cr:validity>";
  house.set_rules(ruleset(rule("a", one("bob@example.com") + validity, "allow", services_only) +
                          rule("b", one("bob@example.com"), "polite-block")));
  house.publish("Expires: 3600\r\n", pidf("open"));
  auto dialog = house.subscribe("bob");
  CHECK(shows(house.notified("bob"), "<basic>open</basic>"));
  house.shards.journal().hold();
  house.subscribe_again(dialog, "Expires: 0\r\n");
  house.shards.pass(101s);
  CHECK(house.notifies_to("bob") == 0);
  house.shards.journal().fail();
  house.shards.settle();
  const Sent told = house.notified("bob");
  CHECK(state(told).starts_with("active"));
  CHECK(shows(told, "<basic>closed</basic>"));
}

TEST_CASE("access: a rule for a sphere holds while the presentity is in it [RFC 4745 §7.3]") {
  House house;
  house.judges = false;  // RFC 4480 §3.11 has text in <sphere>, its schema does not
  house.set_rules(ruleset(rule("a", one("dave@example.org") + "<cr:sphere value=\"work\"/>", "allow") +
                          rule("b", one("dave@example.org"), "polite-block")));
  house.subscribe("dave");
  CHECK(shows(house.notified("dave"), "<basic>closed</basic>"));
  const std::string at_work =
      "<p:person xmlns:p=\"urn:ietf:params:xml:ns:pidf:data-model\" id=\"p1\">"
      "<r:sphere xmlns:r=\"urn:ietf:params:xml:ns:pidf:rpid\">work</r:sphere></p:person>";
  const Sent published = house.publish("", pidf("open", at_work));
  CHECK(shows(house.notified("dave"), "<basic>open</basic>"));
  CHECK(house.notifies_to("dave") == 0);
  house.publish("SIP-If-Match: " + published.header(Header::sip_etag) + "\r\n", pidf("open"));
  CHECK(shows(house.notified("dave"), "<basic>closed</basic>"));
  CHECK(house.notifies_to("dave") == 0);
}

TEST_CASE("access: all documents of rules count together, OMA's too [RFC 5025 §9.7]") {
  House house;
  house.set_rules(decided("bob@example.com", Handling::block));
  house.set_rules(decided("bob@example.com", Handling::allow),
                  "org.openmobilealliance.pres-rules/pres-rules");
  house.subscribe("bob");
  CHECK(state(house.notified("bob")).starts_with("active"));
  house.remove_rules("org.openmobilealliance.pres-rules/pres-rules");
  CHECK(state(house.notified("bob")) == "terminated;reason=rejected");
}

TEST_CASE("access: rules that cannot be read let nobody in") {
  House house;
  house.set_rules("<ruleset");
  house.subscribe("bob");
  CHECK(state(house.notified("bob")).starts_with("pending"));
  house.subscribe("alice");
  CHECK(state(house.notified("alice")).starts_with("active"));
  house.remove_rules();
  CHECK(state(house.notified("bob")).starts_with("active"));
}

TEST_CASE("access: rules go with their user") {
  House house;
  house.set_rules(decided("bob@example.com", Handling::block));
  house.commit({model::RemoveUser{tests::aor("alice@example.com")}});
  house.commit({model::SaveUser{tests::user_named("alice@example.com")}});
  house.subscribe("bob");
  CHECK(state(house.notified("bob")).starts_with("active"));
}

TEST_CASE("access: after a restart nobody is told anything before the rules were asked") {
  House house;
  house.publish("", pidf("open", "<note>here</note>"));
  house.set_rules(decided("bob@example.com", Handling::polite_block));
  model::Subscription subscription;
  subscription.presentity = tests::aor("alice@example.com");
  subscription.id = 77;
  subscription.event = "presence";
  subscription.state = model::Subscription::State::active;
  subscription.watcher = tests::aor("bob@example.com");
  subscription.dialog.call_id = "c";
  subscription.dialog.local_tag = "l";
  subscription.dialog.remote_tag = "r";
  subscription.dialog.local_uri = "sip:alice@example.com";
  subscription.dialog.remote_uri = "sip:bob@example.com";
  subscription.dialog.remote_target = "sip:bob@192.0.2.2:5060";
  subscription.flow = House::flow_of("bob");
  subscription.run = 1;
  subscription.expires = house.shards.clock.now() + 600s;
  house.shards.shard().keeper().apply({model::SaveSubscription{subscription}});
  house.publish("", pidf("open", "<note>here too</note>"));
  CHECK(house.notifies_to("bob") == 0);
  house.agent.resume();
  house.shards.pass(1s);
  const Sent told = house.notified("bob");
  CHECK(shows(told, "<basic>closed</basic>"));
  CHECK_FALSE(shows(told, "here"));
}

TEST_CASE("access: lists that rules name are read before anybody is decided about") {
  House house;
  base::MoveFunction<void(base::Result<Agent::ListMembers>)> answer;
  int asked = 0;
  house.agent.set_lists([&](const sip::Aor& owner, std::vector<std::string> lists, auto done) {
    CHECK(owner.text() == "alice@example.com");
    CHECK(lists == std::vector<std::string>{"friends"});
    ++asked;
    answer = std::move(done);
  });
  const std::string on_list = "<ocp:external-list><ocp:entry anc=\"friends\"/></ocp:external-list>";
  house.set_rules(ruleset(rule("a", on_list, "allow") + rule("b", anybody(), "polite-block")));
  house.subscribe("bob");
  CHECK(house.notifies_to("bob") == 0);
  CHECK(asked == 1);
  house.publish("", pidf("open"));
  answer(Agent::ListMembers{{"friends", {"sip:bob@example.com"}}});
  house.shards.settle();
  CHECK(shows(house.notified("bob"), "<basic>open</basic>"));

  // Another document of alice may be the one with the list.
  house.commit({model::SaveDocument{{tests::aor("alice@example.com"),
                                     "resource-lists/index",
                                     "\"2\"",
                                     "<x/>",
                                     house.shards.clock.now(),
                                     {}}}});
  CHECK(asked == 2);
  answer(Agent::ListMembers{{"friends", {}}});
  house.shards.settle();
  CHECK(shows(house.notified("bob"), "<basic>closed</basic>"));
}

TEST_CASE("access: without the database a SUBSCRIBE that depends on a list is answered 503, to come back") {
  House house;
  house.agent.set_lists([](const sip::Aor&, const std::vector<std::string>&, auto done) {
    done(base::unavailable("the database cannot be reached"));
  });
  house.set_rules(
      ruleset(rule("a", "<ocp:external-list><ocp:entry anc=\"friends\"/></ocp:external-list>", "allow")));
  house.subscribe("bob");
  const Sent refused = house.answer("SUBSCRIBE");
  CHECK(refused.message->status() == 503);
  CHECK(refused.header(Header::retry_after) != "");
}

}  // namespace rollcall::presence::test
