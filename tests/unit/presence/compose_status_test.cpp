// SPDX-License-Identifier: Apache-2.0
// Which status is shown, rule by rule.
#include "scene.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace rollcall;
using namespace rollcall::presence::test;
using presence::Considered;
using presence::Input;
using presence::Status;
using presence::StatusChoice;

namespace {

std::string activities(std::string_view inner) {
  return "<r:activities>" + std::string(inner) + "</r:activities>";
}

std::string doing(std::string_view activity) {
  return tuple("t", "open") + person(activities("<r:" + std::string(activity) + "/>"));
}

const std::string there = tuple("t", "open");
const std::string idle = tuple("t", "open", "<r:user-input>idle</r:user-input>");
const std::string gone =
    tuple("t", "open") + person(activities("<r:away/>") + "<r:user-input>idle</r:user-input>");
const std::string active = tuple("t", "open", "<r:user-input>active</r:user-input>");
const std::string dnd =
    tuple("t", "open") + person(activities("<r:busy/>") + "<dm:note>Do Not Disturb</dm:note>");

const Considered& of(const presence::Composition& composition, Input input, std::size_t index = 0) {
  for (const Considered& one : composition.considered)
    if (one.input == input && one.index == index) return one;
  FAIL("the input was not considered");
  return composition.considered.front();
}

}  // namespace

TEST_CASE("status: what clients publish is understood [RFC 4480 §3.2, peers]") {
  struct Row {
    const char* who;
    std::string content;
    const char* status;
    bool by_hand;
  };
  const std::vector<Row> rows = {
      {"Linphone, Zoiper: available", there, "available", false},
      {"baresip: available", there + person("<r:activities/>"), "available", false},
      {"baresip: offline", tuple("t", "closed") + person("<r:activities/>"), "offline", false},
      {"Blink: available", there + person(activities("<r:available/>")), "available", false},
      {"PJSIP: no activity", there + person(activities("<r:unknown/>")), "available", false},
      {"Jitsi, Linphone, PJSIP: away", doing("away"), "away", true},
      {"Jitsi, Linphone, PJSIP: busy", doing("busy"), "busy", true},
      {"Jitsi, Sipnetic, Zoiper: on the phone", doing("on-the-phone"), "on-the-phone", false},
      {"phones that add both", there + person(activities("<r:busy/><r:on-the-phone/>")), "on-the-phone",
       false},
      {"Sipnetic: the activity within the status",
       "<tuple id=\"t\"><status><basic>open</basic><r:activities><r:busy/></r:activities></status></tuple>",
       "busy", true},
      {"X-Lite, Bria: do not disturb", dnd, "dnd", true},
      {"Linphone: do not disturb", tuple("t", "closed") + person(activities("<r:busy/>")), "dnd", true},
      {"an activity of another namespace", there + person(activities("<r:busy/><x:dnd xmlns:x=\"urn:x\"/>")),
       "dnd", true},
      {"an activity in words", there + person(activities("<r:other>Do not disturb</r:other>")), "dnd", true},
      {"MicroSIP: a busy that is a call",
       there + person(activities("<r:busy/>") + "<dm:note>On the phone</dm:note>"), "on-the-phone", false},
      {"X-Lite: idle",
       tuple("t", "open", "<r:user-input>idle</r:user-input>") + person("<dm:note>Idle</dm:note>"), "idle",
       false},
      {"idle in the person", there + person("<r:user-input>idle</r:user-input>"), "idle", false},
      {"idle in the device", there + device("urn:x:1", "<r:user-input>idle</r:user-input>"), "idle", false},
      {"away for nobody is there",
       there + person(activities("<r:away/>") + "<r:user-input>idle</r:user-input>"), "away", false},
      {"Blink after a while", there + person(activities("<r:extended-away/>")), "away", false},
      {"a calendar", doing("appointment"), "busy", false},
      {"a meeting", doing("meeting"), "busy", true},
      {"lunch", doing("lunch"), "away", true},
      {"at work", doing("working"), "available", true},
      {"an activity that nobody knows", there + person(activities("<x:zen xmlns:x=\"urn:x\"/>")), "available",
       false},
      {"what stands within an activity",
       there + person(activities("<x:zen xmlns:x=\"urn:x\" a=\"b>c'/\"><x:busy/></x:zen><r:away></r:away>")),
       "away", true},
      {"a note alone", there + "<note>Away</note>", "away", true},
      {"a note that says something else", there + "<note>Away from home</note>", "available", false},
      {"somebody else's tuple",
       there + tuple("u", "closed", "<r:relationship><r:assistant/></r:relationship>"), "available", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.who);
    Scene scene;
    scene.published_is_valid = !std::string_view(row.who).starts_with("Blink");  // it has words of its own
    const auto composition = scene.publish(1, 1min, row.content).compose();
    CHECK(word_of(composition.status) == row.status);
    CHECK(of(composition, Input::publication).by_hand == row.by_hand);
  }
}

TEST_CASE("status: of those that nobody chose each counts more than those before it") {
  const std::vector<std::string> ascending = {tuple("t", "closed"), there, idle, gone, doing("on-the-phone"),
                                              doing("appointment")};
  for (std::size_t low = 0; low < ascending.size(); ++low) {
    for (std::size_t high = low + 1; high < ascending.size(); ++high) {
      CAPTURE(low);
      CAPTURE(high);
      const auto alone = Scene().publish(1, 1min, ascending[high]).compose().status;
      CHECK(Scene().publish(1, 1min, ascending[high]).publish(2, 0s, ascending[low]).compose().status ==
            alone);
      CHECK(Scene().publish(1, 1min, ascending[low]).publish(2, 0s, ascending[high]).compose().status ==
            alone);
    }
  }
}

TEST_CASE("status: what was set by hand stands above what was not, and the newest of several is shown") {
  CHECK(Scene().publish(1, 1min, dnd).publish(2, 0s, there).status() == "dnd");
  CHECK(Scene().publish(1, 1min, doing("away")).publish(2, 0s, doing("on-the-phone")).status() == "away");
  CHECK(Scene().publish(1, 1min, doing("busy")).publish(2, 0s, doing("away")).status() == "away");
  CHECK(Scene().publish(1, 0s, doing("busy")).publish(2, 1min, doing("away")).status() == "busy");
  CHECK(Scene().publish(1, 1min, dnd).publish(2, 0s, doing("away")).status() == "away");
}

TEST_CASE("status: an administrator chooses how to choose") {
  Scene scene;
  scene.publish(1, 2min, dnd).publish(2, 1min, doing("away")).publish(3, 0s, there);
  CHECK(scene.status() == "away");
  scene.input.policy.choice = StatusChoice::strongest;
  CHECK(scene.status() == "dnd");
  scene.input.policy.choice = StatusChoice::newest;
  CHECK(scene.status() == "available");
  CHECK_FALSE(contains(scene.text(), "rpid:activities"));
}

TEST_CASE("status: only the activities and the note of the status that is shown are shown") {
  const auto text =
      Scene()
          .publish(1, 1min, there + person(activities("<r:busy/>") + "<dm:note>at work</dm:note>"))
          .publish(2, 0s, there + person(activities("<r:away/>") + "<dm:note>gone</dm:note>"))
          .text();
  CHECK(contains(text, "<rpid:away/>"));
  CHECK(contains(text, "gone"));
  CHECK_FALSE(contains(text, "<rpid:busy/>"));
  CHECK_FALSE(contains(text, "at work"));
  // A note of somebody who says nothing about a status contradicts none.
  CHECK(contains(Scene()
                     .publish(1, 1min, there + person("<dm:note>call me</dm:note>"))
                     .publish(2, 0s, doing("busy"))
                     .text(),
                 "call me"));
}

TEST_CASE("status: activities stand in the person, wherever they were published [RFC 4480 §3.1]") {
  const auto text =
      Scene()
          .publish(1, 0s,
                   "<tuple id=\"t\"><status><basic>open</basic><r:activities><r:on-the-phone/></r:activities>"
                   "</status></tuple>" +
                       person(activities("<r:on-the-phone/>")))
          .text();
  CHECK(text.find("<rpid:activities>") == text.rfind("<rpid:activities>"));
  CHECK(text.find("<rpid:activities>") > text.find("<dm:person"));
}

TEST_CASE("status: nobody is idle who is active at another device [RFC 4480 §3.14]") {
  CHECK(Scene().publish(1, 0s, idle).publish(2, 1min, there).status() == "idle");
  CHECK(Scene().publish(1, 0s, idle).publish(2, 1min, active).status() == "available");
  const auto text = Scene()
                        .publish(1, 0s, gone + device("urn:x:1", "<r:user-input>idle</r:user-input>"))
                        .publish(2, 1min, active)
                        .text();
  CHECK_FALSE(contains(text, "<rpid:away/>"));
  const auto inputs = Scene()
                          .publish(1, 0s, there + person("<r:user-input>idle</r:user-input>"))
                          .publish(2, 1min, there + person("<r:user-input>active</r:user-input>"))
                          .text();
  CHECK(contains(inputs, "<rpid:user-input>active</rpid:user-input>"));
  CHECK_FALSE(contains(inputs, ">idle<"));
}

TEST_CASE("status: idle is not unregistered, and registered is available") {
  CHECK(Scene().status() == "offline");
  CHECK(Scene().add_registration().status() == "available");
  CHECK(Scene().publish(1, 0s, idle).status() == "idle");
  CHECK(Scene().publish(1, 0s, person("<r:mood><r:happy/></r:mood>")).status() == "offline");
  Scene hidden;
  hidden.input.policy.show_registrations = false;
  CHECK(hidden.add_registration().status() == "offline");
}

TEST_CASE("status: of one device only the newest publication has a say") {
  CHECK(Scene().publish(1, 1min, dnd, "urn:uuid:1").publish(2, 0s, there, "urn:uuid:1").status() ==
        "available");
  CHECK(Scene().publish(1, 1min, dnd, "urn:uuid:1").publish(2, 0s, there, "urn:uuid:2").status() == "dnd");
}

TEST_CASE("status: a call that passes through the server is on the phone, unless somebody chose otherwise") {
  Scene scene;
  scene.add_registration();
  scene.input.calls = {1, now - 1min};
  CHECK(scene.status() == "on-the-phone");
  CHECK(contains(scene.text(), "<rpid:activities><rpid:on-the-phone/></rpid:activities>"));
  scene.publish(1, 0s, idle);
  CHECK(scene.status() == "on-the-phone");
  scene.publish(2, 1h, dnd);
  CHECK(scene.status() == "dnd");
  scene.input.policy.choice = StatusChoice::newest;
  CHECK(scene.status() == "idle");
}

TEST_CASE("status: an administrator's stands above all until it ends") {
  const auto busy = person(activities("<r:busy/>") + "<dm:note>in court</dm:note>");
  Scene scene;
  scene.publish(1, 0s, there + person(activities("<r:away/>") + "<dm:note>gone</dm:note>"));
  scene.set_by_administrator(tuple("s", "open") + busy);
  auto text = scene.text();
  CHECK(scene.status() == "busy");
  CHECK(contains(text, "in court"));
  CHECK_FALSE(contains(text, "gone"));
  CHECK_FALSE(contains(text, "<rpid:away/>"));
  scene.input.administrator.expires = now;
  CHECK(scene.status() == "away");
  // The address opens with it, whoever is registered.
  const auto document = Scene().set_by_administrator(tuple("s", "open") + busy).document();
  REQUIRE(document.tuples.size() == 1);
  CHECK(document.tuples[0].basic == xml::Basic::open);
}

TEST_CASE("status: whom an administrator calls offline shows nothing else") {
  Scene scene;
  scene.add_registration().publish(1, 0s, dnd + device("urn:x:1", ""));
  scene.set_by_administrator(tuple("s", "closed") + person("<dm:note>on leave</dm:note>"));
  const auto document = scene.document();
  CHECK(scene.status() == "offline");
  REQUIRE(document.tuples.size() == 1);
  CHECK(document.tuples[0].basic == xml::Basic::closed);
  CHECK(document.devices.empty());
  REQUIRE(document.persons.size() == 1);
  CHECK(document.persons[0].notes[0].text == "on leave");
  CHECK(document.persons[0].elements.empty());
}

TEST_CASE("status: hard state is shown when no publication is left [RFC 4827 §3, §11]") {
  const auto vacation = tuple("a", "closed", "<note>only by mail</note>") +
                        tuple("b", "open", "<contact>mailto:alice@example.com</contact>") +
                        person("<ci:homepage>http://example.com/~alice</ci:homepage>" +
                               activities("<r:vacation/>") + "<r:mood><r:happy/></r:mood>");
  Scene scene;
  scene.keep_hard_state(vacation).add_registration();
  auto text = scene.text();
  CHECK(scene.status() == "away");
  CHECK(contains(text, "<rpid:vacation/>"));
  CHECK(contains(text, "only by mail"));
  CHECK(scene.document().tuples.size() == 2);
  // Beside a publication it still says what no device can.
  scene.publish(1, 0s, there);
  text = scene.text();
  CHECK(scene.status() == "available");
  CHECK(contains(text, "mailto:alice@example.com"));
  CHECK(contains(text, "http://example.com/~alice"));
  for (const auto* gone : {"<rpid:vacation/>", "only by mail", "<rpid:happy/>"})
    CHECK_FALSE(contains(text, gone));
  // And is back when that has expired.
  scene.publications[0].expires = now;
  CHECK(scene.status() == "away");
}

TEST_CASE("status: who comes back a little late was never gone") {
  struct Row {
    base::Duration after_expiry, hysteresis;
    const char* status;
  };
  for (const Row& row :
       {Row{0s, 0s, "offline"}, Row{0s, 5s, "available"}, Row{4s, 5s, "available"}, Row{5s, 5s, "offline"}}) {
    CAPTURE(row.after_expiry);
    Scene published, registered;
    published.publish(1, 1min, there).publications[0].expires = now - row.after_expiry;
    published.input.policy.hysteresis = row.hysteresis;
    CHECK(published.status() == row.status);
    registered.add_registration(-row.after_expiry).input.policy.hysteresis = row.hysteresis;
    CHECK(registered.status() == row.status);
  }
}

TEST_CASE("status: what expired and was published anew does not linger") {
  Scene scene;
  scene.input.policy.hysteresis = 5s;
  scene.publish(1, 1min, dnd).publish(2, 1s, there);
  scene.publications[0].expires = now - 2s;
  CHECK(scene.status() == "available");
  CHECK(scene.document().tuples.size() == 1);
  // Another device that publishes is no reason.
  scene.publications[1].device = "urn:uuid:2";
  CHECK(scene.status() == "dnd");
}

TEST_CASE("status: what RPID says with a time is left out before and after [RFC 4480 §3.1]") {
  const auto away = [](std::string_view times) {
    return there + person("<r:activities " + std::string(times) + "><r:away/></r:activities>");
  };
  CHECK(Scene().publish(1, 0s, away("from=\"2020-01-01T00:00:00Z\"")).status() == "away");
  for (const auto* times : {"until=\"2020-01-01T00:00:00Z\"", "from=\"2030-01-01T00:00:00Z\""}) {
    CAPTURE(times);
    Scene scene;
    scene.publish(1, 0s, away(times));
    CHECK(scene.status() == "available");
    CHECK_FALSE(contains(scene.text(), "<rpid:away/>"));
  }
}

TEST_CASE("status: a timed status is about other times than now [RFC 4481 §3]") {
  const auto timed = [](std::string_view times) {
    return tuple("t", "open",
                 "<ts:timed-status " + std::string(times) + "><ts:basic>closed</ts:basic></ts:timed-status>");
  };
  for (const auto* times :
       {"from=\"2030-01-01T00:00:00Z\"", "from=\"2020-01-01T00:00:00Z\" until=\"2020-02-01T00:00:00Z\""}) {
    CAPTURE(times);
    Scene scene;
    scene.publish(1, 0s, timed(times));
    CHECK(contains(scene.text(), "timed-status"));
    CHECK(scene.status() == "available");
  }
  CHECK_FALSE(
      contains(Scene().publish(1, 0s, timed("from=\"2020-01-01T00:00:00Z\"")).text(), "timed-status"));
}

TEST_CASE(
    "status: contact information and capabilities come element by element from the newest [RFC 4482, RFC "
    "5196]") {
  const auto text =
      Scene()
          .publish(
              1, 2min,
              there +
                  person(
                      "<ci:homepage>http://old.example/</ci:homepage><ci:icon>http://i.example/</ci:icon>") +
                  device("urn:x:1",
                         "<caps:devcaps><caps:mobility><caps:supported><caps:fixed/>"
                         "</caps:supported></caps:mobility></caps:devcaps>"))
          .publish(2, 1min,
                   there + person("<ci:homepage>http://new.example/</ci:homepage>") +
                       device("urn:x:1", "<r:user-input>active</r:user-input>"))
          .text();
  for (const auto* part : {"http://new.example/", "http://i.example/", "caps:fixed", "active"})
    CHECK(contains(text, part));
  CHECK_FALSE(contains(text, "http://old.example/"));
}

TEST_CASE("status: the id of a device is the same whoever reports it [RFC 4479 §3.4]") {
  const auto first = Scene().publish(1, 0s, device("urn:x:1", "")).document().devices[0].id;
  CHECK(Scene().publish(2, 0s, there + device("urn:x:1", "")).document().devices[0].id == first);
}

TEST_CASE("status: every input is explained") {
  Scene scene;
  scene.publish(1, 3min, doing("busy"))
      .publish(2, 2min, idle)
      .publish(3, 1min, doing("away"), "urn:uuid:1")
      .publish(4, 2min, there, "urn:uuid:1")
      .publish(5, 9min, dnd);
  scene.publications[4].expires = now;
  scene.add_registration().keep_hard_state(there).input.calls = {1, now};
  auto composition = scene.compose();
  CHECK(composition.considered.size() == 8);
  CHECK(of(composition, Input::publication, 2) ==
        Considered{Input::publication, 2, Status::away, true, true, ""});
  CHECK(of(composition, Input::publication, 0).why == "older than what is shown");
  CHECK(of(composition, Input::publication, 1).why == "automatic, and another one was set by hand");
  CHECK(of(composition, Input::publication, 3).why == "older than another publication of the same device");
  CHECK(of(composition, Input::publication, 4).why == "it has expired");
  CHECK(of(composition, Input::calls).why == "automatic, and another one was set by hand");
  CHECK(of(composition, Input::hard_state).why == "publications count more");
  CHECK(of(composition, Input::registrations).why == "they count when nothing else says more");

  scene.input.policy.choice = StatusChoice::strongest;
  composition = scene.compose();
  CHECK(of(composition, Input::publication, 2).why == "busy counts more than away");
  scene.set_by_administrator(tuple("s", "open"));
  composition = scene.compose();
  CHECK(of(composition, Input::administrator).shown);
  CHECK(of(composition, Input::publication, 0).why == "an administrator's status stands above");
}

TEST_CASE("status: composing for watchers does not explain") {
  Scene scene;
  scene.publish(1, 0s, dnd).input.explain = false;
  const auto composition = scene.compose();
  CHECK(composition.origins.empty());
  CHECK(composition.considered.empty());
}

TEST_CASE("status: whatever comes together, one valid document with one status comes out") {
  const std::vector<std::string> parts = {
      there,
      idle,
      active,
      gone,
      dnd,
      doing("on-the-phone"),
      doing("appointment"),
      tuple("t", "closed"),
      tuple("m", "open", "<contact>mailto:a@example.com</contact>") +
          person("<ci:icon>http://i.example/</ci:icon>"),
      person("<r:activities id=\"x\"><r:tv/></r:activities><dm:note>n</dm:note>") + device("urn:x:1", ""),
      "<note>Away</note>",
      ""};
  std::mt19937 random(20261121);
  const auto below = [&](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  };
  for (int round = 0; round < 500; ++round) {
    Scene scene;
    for (std::uint64_t id = 1, end = below(5); id <= end; ++id) {
      scene.publish(id, std::chrono::seconds(below(60)), parts[below(parts.size())],
                    below(2) == 1 ? "urn:uuid:1" : "");
      scene.publications.back().expires = now + std::chrono::seconds(below(20)) - 10s;
    }
    if (below(2) == 1) scene.add_registration(std::chrono::seconds(below(20)) - 10s);
    if (below(3) == 1) scene.keep_hard_state(parts[below(parts.size())]);
    if (below(4) == 1) scene.set_by_administrator(parts[below(parts.size())]);
    scene.input.calls.confirmed = below(2);
    scene.input.policy.choice = static_cast<StatusChoice>(below(3));
    scene.input.policy.hysteresis = std::chrono::seconds(below(10));
    const auto composition = scene.compose();
    const auto shown = std::count_if(composition.considered.begin(), composition.considered.end(),
                                     [](const Considered& one) { return one.shown; });
    CHECK(shown == 1);
    CHECK(composition.document.persons.size() <= 1);
    const auto text = write(composition.document);
    CHECK(text.find("<rpid:activities") == text.rfind("<rpid:activities"));
    const bool open = composition.document.tuples.front().basic == xml::Basic::open;
    if (!open) CHECK(composition.status != Status::available);
    std::reverse(scene.publications.begin(), scene.publications.end());
    CHECK(scene.text() == text);
    scene.input.explain = false;
    CHECK(scene.text() == text);
  }
}
