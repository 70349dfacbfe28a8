// SPDX-License-Identifier: Apache-2.0
// The event package "dialog" (RFC 4235), and what calls say about presence.
#include "house.hpp"
#include "list_notify.hpp"
#include "rule_texts.hpp"

#include <rollcall/bodies/watcherinfo.hpp>

#include <doctest/doctest.h>
#include <support/schema.hpp>

namespace rollcall::presence::test {

namespace {

using namespace std::chrono_literals;
using bodies::Dialog;
using bodies::DialogInfo;
using bodies::DialogState;

/// What a NOTIFY tells of dialogs; the schema has looked at it.
DialogInfo told(const std::string& body) {
  static tests::Schema schema("dialog-info.xsd");
  CAPTURE(body);
  CHECK(schema.faults(body) == "");
  auto document = DialogInfo::parse(body, base::Limits());
  REQUIRE(document.ok());
  CHECK(document->coverage == bodies::Coverage::full);
  CHECK(document->entity == "sip:alice@example.com");
  return *document;
}

DialogInfo told(const Sent& notify) {
  CHECK(notify.header(Header::content_type) == bodies::dialog_info_media_type);
  return told(std::string(notify.message->body()));
}

/// alice talks to erin, or is about to.
Dialog call(DialogState state, const std::string& call_id = "c1") {
  Dialog dialog;
  dialog.id = "server-" + call_id;
  dialog.call_id = call_id;
  dialog.local_tag = "our-tag";
  dialog.remote_tag = "their-tag";
  dialog.direction = bodies::DialogDirection::recipient;
  dialog.state = state;
  dialog.local = {{{"sip:alice@example.com", ""}}, "sip:alice@192.0.2.1", {}, "", ""};
  dialog.remote = {{{"sip:erin@example.com", "Erin"}}, "sip:erin@192.0.2.77", {}, "", ""};
  return dialog;
}

std::string published(DialogState state, const std::string& id = "d", const std::string& coverage = "full",
                      const std::string& call_id = "c9") {
  return "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"0\" state=\"" + coverage +
         "\" entity=\"sip:alice@example.com\"><dialog id=\"" + id + "\" call-id=\"" + call_id + "\"><state>" +
         std::string(to_string(state)) + "</state></dialog></dialog-info>";
}

/// alice's calls are what stands in `calls`.
class Switchboard {
 public:
  explicit Switchboard(const base::Limits& limits = {}, Policy policy = {})
      : house(limits, std::move(policy)) {
    house.agent.set_calls(
        {[this](std::string_view aor) { return aor == "alice@example.com" ? calls : std::vector<Dialog>(); },
         [this](std::string_view aor) {
           CallsInput input;
           if (aor != "alice@example.com") return input;
           for (const Dialog& one : calls)
             input.confirmed += one.state == DialogState::confirmed ? 1 : 0;
           input.since = house.shards.clock.now();
           return input;
         }});
  }

  void calls_are(std::vector<Dialog> now) {
    calls = std::move(now);
    house.agent.on_calls("alice@example.com");
    house.shards.settle();
  }
  House::Dialog watch(const std::string& watcher, const std::string& event = "dialog") {
    auto dialog = house.subscribe(watcher, "Expires: 600\r\n", event);
    CHECK(house.answer("SUBSCRIBE").message->status() == 200);
    return dialog;
  }

  std::vector<Dialog> calls;
  House house;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A lamp follows a call: idle, ringing, talking, ended, and versions grow by one (RFC 4235 §3.10)") {
  Switchboard board;
  board.watch("bob");
  const DialogInfo idle = told(board.house.notified("bob"));
  CHECK(idle.dialogs.empty());

  board.calls_are({call(DialogState::early)});
  const DialogInfo ringing = told(board.house.notified("bob"));
  REQUIRE(ringing.dialogs.size() == 1);
  CHECK(ringing.dialogs[0].state == DialogState::early);
  CHECK(ringing.dialogs[0].direction == bodies::DialogDirection::recipient);
  CHECK(ringing.dialogs[0].remote->identity->uri == "sip:erin@example.com");
  CHECK(ringing.version == idle.version + 1);

  board.calls_are({call(DialogState::confirmed)});
  CHECK(told(board.house.notified("bob")).dialogs[0].state == DialogState::confirmed);

  board.calls_are({call(DialogState::terminated)});
  const DialogInfo ended = told(board.house.notified("bob"));
  CHECK(ended.dialogs[0].state == DialogState::terminated);
  CHECK(ended.dialogs[0].id == ringing.dialogs[0].id);
  CHECK(ended.version == idle.version + 3);
}

TEST_CASE("A call that only goes on is told to nobody again (RFC 4235 §3.10)") {
  Switchboard board;
  board.calls_are({call(DialogState::confirmed)});
  board.watch("bob");
  CHECK(told(board.house.notified("bob")).dialogs.size() == 1);
  Dialog longer = call(DialogState::confirmed);
  longer.duration = 60;
  board.calls_are({longer});
  CHECK(board.house.notifies_to("bob") == 0);
}

TEST_CASE("Who talks is on the phone for those who watch his presence, until he hangs up (RFC 4480 §3.2)") {
  Switchboard board;
  board.house.publish("", pidf("open"));
  board.watch("bob", "presence");
  CHECK_FALSE(contains(std::string(board.house.notified("bob").message->body()), "on-the-phone"));
  board.calls_are({call(DialogState::early)});
  CHECK(board.house.notifies_to("bob") == 0);
  board.calls_are({call(DialogState::confirmed)});
  CHECK(contains(std::string(board.house.notified("bob").message->body()), "on-the-phone"));
  board.calls_are({});
  CHECK_FALSE(contains(std::string(board.house.notified("bob").message->body()), "on-the-phone"));
}

TEST_CASE("A device publishes its dialogs, and they count as calls (RFC 4235 §3.9, RFC 3903)") {
  Switchboard board;
  board.house.publish("", pidf("open"));
  board.watch("bob");
  board.watch("carol", "presence");
  board.house.notified("bob");
  board.house.notified("carol");
  const Sent answer = board.house.publish("", published(DialogState::confirmed), "dialog");
  REQUIRE(answer.message->status() == 200);
  const DialogInfo told_now = told(board.house.notified("bob"));
  REQUIRE(told_now.dialogs.size() == 1);
  CHECK(told_now.dialogs[0].call_id == "c9");
  CHECK(contains(std::string(board.house.notified("carol").message->body()), "on-the-phone"));

  const Sent removed = board.house.publish(
      "SIP-If-Match: " + answer.header(Header::sip_etag) + "\r\nExpires: 0\r\n", "", "dialog");
  CHECK(removed.message->status() == 200);
  CHECK(told(board.house.notified("bob")).dialogs.empty());
  CHECK_FALSE(contains(std::string(board.house.notified("carol").message->body()), "on-the-phone"));
}

TEST_CASE(
    "A publication that tells only what changed leaves the other dialogs as they were (RFC 4235 §4.3)") {
  Switchboard board;
  board.watch("bob");
  board.house.notified("bob");
  const Sent first = board.house.publish("", published(DialogState::confirmed, "a", "full", "ca"), "dialog");
  board.house.notified("bob");
  const Sent second = board.house.publish("SIP-If-Match: " + first.header(Header::sip_etag) + "\r\n",
                                          published(DialogState::early, "b", "partial", "cb"), "dialog");
  REQUIRE(second.message->status() == 200);
  CHECK(told(board.house.notified("bob")).dialogs.size() == 2);
  board.house.publish("SIP-If-Match: " + second.header(Header::sip_etag) + "\r\n",
                      published(DialogState::terminated, "b", "partial", "cb"), "dialog");
  const DialogInfo now = told(board.house.notified("bob"));
  REQUIRE(now.dialogs.size() == 2);
  CHECK(now.dialogs[0].call_id == "ca");
  CHECK(now.dialogs[0].state == DialogState::confirmed);
  CHECK(now.dialogs[1].state == DialogState::terminated);
}

TEST_CASE("Devices that give their dialogs the same ids do not collide, and a call is told once") {
  Switchboard board;
  board.calls_are({call(DialogState::confirmed, "c9")});
  board.house.publish("", published(DialogState::early, "1", "full", "c9"), "dialog");
  board.house.publish("", published(DialogState::early, "1", "full", "c10"), "dialog");
  board.house.publish("", published(DialogState::early, "1", "full", "c11"), "dialog");
  board.watch("bob");
  const DialogInfo now = told(board.house.notified("bob"));
  REQUIRE(now.dialogs.size() == 3);
  CHECK(now.dialogs[0].call_id == "c9");
  CHECK(now.dialogs[0].state == DialogState::confirmed);
  CHECK(now.dialogs[1].id != now.dialogs[2].id);
}

TEST_CASE("What is published as dialogs is no presence, and the other way round (RFC 3903 §6 step 5)") {
  Switchboard board;
  CHECK(board.house.publish("", pidf("open"), "dialog").message->status() == 400);
  const Sent presence = board.house.publish("", pidf("open"));
  const Sent stranger = board.house.publish("SIP-If-Match: " + presence.header(Header::sip_etag) + "\r\n",
                                            published(DialogState::early), "dialog");
  CHECK(stranger.message->status() == 412);
}

TEST_CASE("The limit of publications counts for each package") {
  base::Limits limits;
  limits.publications_per_user = 1;
  Switchboard board(limits);
  board.house.publish("", pidf("open"));
  board.house.publish("", published(DialogState::confirmed), "dialog");
  board.watch("bob", "presence");
  const std::string body(board.house.notified("bob").message->body());
  CHECK(contains(body, "open"));
  CHECK(contains(body, "on-the-phone"));
}

TEST_CASE(
    "Who may not see everything learns that somebody talks, not with whom; or nothing (RFC 5025 §3.3)") {
  Switchboard board;
  board.house.set_rules(
      ruleset(rule("a", one("bob@example.com"), "allow",
                   "<pr:provide-persons><pr:all-persons/></pr:provide-persons><pr:provide-activities>true"
                   "</pr:provide-activities>") +
              rule("b", one("carol@example.com"), "allow", services_only) +
              rule("c", one("dave@example.org"), "polite-block")));
  board.calls_are({call(DialogState::confirmed)});
  board.watch("bob");
  board.watch("carol");
  board.watch("dave");
  board.watch("alice");

  const std::string states(board.house.notified("bob").message->body());
  CHECK(told(states).dialogs.size() == 1);
  CHECK(told(states).dialogs[0].state == DialogState::confirmed);
  CHECK(told(states).dialogs[0].direction == bodies::DialogDirection::unknown);
  for (const char* secret : {"erin", "192.0.2", "call-id", "our-tag", "their-tag"})
    CHECK_FALSE(contains(states, secret));
  CHECK(told(board.house.notified("carol")).dialogs.empty());
  CHECK(told(board.house.notified("dave")).dialogs.empty());
  CHECK(told(board.house.notified("alice")).dialogs[0].remote->identity->uri == "sip:erin@example.com");
}

TEST_CASE("A blocked watcher gets no dialog, one who waits is told them once he may (RFC 5025 §3.2.1)") {
  Switchboard board;
  board.house.set_rules(
      ruleset(rule("a", one("bob@example.com"), "confirm") + rule("b", one("carol@example.com"), "block")));
  board.calls_are({call(DialogState::confirmed)});
  board.house.subscribe("carol", "Expires: 600\r\n", "dialog");
  CHECK(board.house.answer("SUBSCRIBE").message->status() == 403);
  board.watch("bob");
  const Sent pending = board.house.notified("bob");
  CHECK(pending.header(Header::subscription_state).starts_with("pending"));
  CHECK(pending.message->body().empty());
  board.house.set_rules(ruleset(rule("a", one("bob@example.com"), "allow")));
  const Sent active = board.house.notified("bob");
  CHECK(active.header(Header::subscription_state).starts_with("active"));
  CHECK(told(active).dialogs.size() == 1);
  board.house.set_rules(ruleset(rule("a", one("bob@example.com"), "block")));
  CHECK(board.house.notified("bob").header(Header::subscription_state) == "terminated;reason=rejected");
}

TEST_CASE(
    "dialog.winfo tells who watches the dialogs, presence.winfo who watches the presence (RFC 3857 §4)") {
  Switchboard board;
  board.watch("alice", "dialog.winfo");
  const Sent first = board.house.notified("alice");
  CHECK(contains(std::string(first.message->body()), "package=\"dialog\""));
  board.watch("bob", "presence");
  board.house.notified("bob");
  CHECK(board.house.notifies_to("alice") == 0);
  board.watch("carol", "dialog");
  board.house.notified("carol");
  const std::string news(board.house.notified("alice").message->body());
  CHECK(contains(news, "sip:carol@example.com"));
  CHECK_FALSE(contains(news, "sip:bob@example.com"));
}

TEST_CASE("Whoever asked to see dialogs goes on waiting when the subscription is over (RFC 3857 §4.7.1)") {
  Switchboard board({}, Policy{rules::DomainDefault::confirm, {}});
  auto dialog = board.watch("bob");
  board.house.notified("bob");
  board.house.subscribe_again(dialog, "Expires: 0\r\n", "dialog");
  board.house.notified("bob");
  board.watch("alice", "dialog.winfo");
  CHECK(contains(std::string(board.house.notified("alice").message->body()), "status=\"waiting\""));
  board.watch("alice", "presence.winfo");
  CHECK_FALSE(contains(std::string(board.house.notified("alice").message->body()), "waiting"));
}

TEST_CASE("A list of dialogs lights the lamps of everybody on it (RFC 4662, RFC 4235)") {
  Switchboard board(roomy());
  const auto read = [](const ListWish&, base::MoveFunction<void(base::Result<WatchedList>)> done) {
    WatchedList list;
    list.owner = tests::aor("bob@example.com");
    list.members = {{"sip:alice@example.com", "Alice"}, {"sip:carol@example.com", ""}};
    done(list);
  };
  board.house.agent.set_watched_lists(read, OwnLists({"{user}+dialog"}));
  board.house.shards.shard().keeper().apply({model::SaveDomain{{"example.com", {}}}});
  board.house.subscribe("bob", "Expires: 600\r\nSupported: eventlist\r\n", "dialog",
                        "sip:bob+dialog@example.com");
  REQUIRE(board.house.answer("SUBSCRIBE").message->status() == 200);
  const ListNotify whole(board.house.notified("bob"));
  CHECK(whole.resources() == 2);
  const DialogInfo idle = told(whole.document("sip:alice@example.com"));
  CHECK(idle.dialogs.empty());
  board.calls_are({call(DialogState::early)});
  board.house.shards.pass(3s);
  const ListNotify change(board.house.notified("bob"));
  const DialogInfo ringing = told(change.document("sip:alice@example.com"));
  REQUIRE(ringing.dialogs.size() == 1);
  CHECK(ringing.dialogs[0].state == DialogState::early);
  CHECK(ringing.version == idle.version + 1);
}

TEST_CASE("A list of what is told to oneself alone is refused (RFC 4662 §4.4)") {
  Switchboard board;
  board.house.subscribe(
      "bob", "Expires: 600\r\nSupported: eventlist\r\nRequire: recipient-list-subscribe\r\n", "dialog.winfo");
  CHECK(board.house.answer("SUBSCRIBE").message->status() == 489);
}

}  // namespace rollcall::presence::test
