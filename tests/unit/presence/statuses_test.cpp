// SPDX-License-Identifier: Apache-2.0
// Statuses that no device publishes, and devices that come back late, as watchers are told of them.
#include "house.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace rollcall;
using namespace rollcall::presence::test;
using namespace std::chrono_literals;
using presence::Status;
using presence::WantedStatus;

namespace {

sip::Aor alice() {
  return tests::aor("alice@example.com");
}

/// From now on the server gives late devices five seconds.
void be_patient(House& house) {
  presence::CompositionSettings settings;
  settings.policy.hysteresis = 5s;
  house.agent.set_composition(settings);
  house.registrar.set_hysteresis(5s);
}

base::Result<> set_status(House& house, WantedStatus wanted) {
  base::Result<> result = base::unavailable("nothing came");
  house.agent.set_status(alice(), std::move(wanted), [&](const base::Result<>& kept) { result = kept; });
  house.shards.settle();
  return result;
}

base::Result<> clear_status(House& house) {
  base::Result<> result = base::unavailable("nothing came");
  house.agent.clear_status(alice(), [&](const base::Result<>& kept) { result = kept; });
  house.shards.settle();
  return result;
}

std::string status(House& house) {
  return std::string(word_of(house.agent.view(alice()).status));
}

void watch(House& house) {
  house.subscribe("bob");
  house.notified("bob");
}

void keep_hard_state(House& house, const std::string& body) {
  house.set_rules(body, "pidf-manipulation/index");
}

std::string etag(const Sent& answer) {
  return answer.header(Header::sip_etag);
}

bool has(const Sent& notify, std::string_view text) {
  return notify.bytes.find(text) != std::string::npos;
}

std::string doing(const std::string& activity) {
  return pidf("open",
              "<dm:person xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\" id=\"p\">"
              "<r:activities xmlns:r=\"urn:ietf:params:xml:ns:pidf:rpid\"><r:" +
                  activity + "/></r:activities></dm:person>");
}

}  // namespace

TEST_CASE("statuses: what an administrator sets is told at once, and its end on time") {
  House house;
  be_patient(house);
  watch(house);
  CHECK(set_status(house, {Status::busy, "in court", "administrator", 60s}).ok());
  const Sent busy = house.notified("bob");
  CHECK(has(busy, "<rpid:busy/>"));
  CHECK(has(busy, "in court"));
  CHECK(has(busy, "<basic>open</basic>"));
  CHECK(status(house) == "busy");
  house.shards.pass(61s);
  const Sent over = house.notified("bob");
  CHECK(has(over, "<basic>closed</basic>"));
  CHECK_FALSE(has(over, "in court"));
  CHECK(status(house) == "offline");
}

TEST_CASE("statuses: each word of an administrator is read back as itself") {
  for (const auto* word : {"offline", "available", "away", "on-the-phone", "busy", "dnd"}) {
    CAPTURE(word);
    House house;
    house.publish("", doing("shopping"));
    CHECK(set_status(house, {*presence::status_of(word), "", "administrator", std::nullopt}).ok());
    CHECK(status(house) == word);
    CHECK(house.agent.view(alice()).open == (std::string_view(word) != "offline"));
  }
}

TEST_CASE("statuses: an administrator's takes the place of the one before, and is taken back once") {
  House house;
  CHECK(clear_status(house).error().code == base::ErrorCode::not_found);
  CHECK(set_status(house, {Status::busy, "", "administrator", std::nullopt}).ok());
  CHECK(set_status(house, {Status::away, "", "administrator", std::nullopt}).ok());
  CHECK(house.agent.view(alice()).publications.size() == 1);
  CHECK(status(house) == "away");
  CHECK(clear_status(house).ok());
  CHECK(status(house) == "offline");
}

TEST_CASE("statuses: no PUBLISH touches an administrator's, or makes room with it") {
  base::Limits limits;
  limits.publications_per_user = 1;
  House house(limits);
  CHECK(set_status(house, {Status::busy, "", "administrator", 60s}).ok());
  const std::string tag = house.agent.view(alice()).publications.at(0).entity_tag.str();
  CHECK(house.publish("SIP-If-Match: " + tag + "\r\nExpires: 0\r\n").message->status() == 412);
  CHECK(house.publish("SIP-If-Match: " + tag + "\r\n", pidf("open")).message->status() == 412);
  for (int i = 0; i < 3; ++i)
    CHECK(house.publish("Expires: 600\r\n", pidf("open", "<note>" + std::to_string(i) + "</note>"))
              .message->status() == 200);
  CHECK(status(house) == "busy");
  CHECK(house.agent.view(alice()).publications.size() == 2);
}

TEST_CASE("statuses: what cannot be kept is not shown") {
  House house;
  house.shards.journal().fail_nth(1);
  CHECK(set_status(house, {Status::busy, "", "administrator", std::nullopt}).error().code ==
        base::ErrorCode::unavailable);
  CHECK(status(house) == "offline");
}

TEST_CASE("statuses: hard state is shown while nothing is published, and changes are told [RFC 4827 §3]") {
  House house;
  watch(house);
  keep_hard_state(house, doing("vacation"));
  CHECK(has(house.notified("bob"), "<rpid:vacation/>"));
  const std::string tag = etag(house.publish("Expires: 60\r\n", doing("busy")));
  const Sent busy = house.notified("bob");
  CHECK(has(busy, "<rpid:busy/>"));
  CHECK_FALSE(has(busy, "vacation"));
  house.shards.pass(60s + 50ms);
  CHECK(has(house.notified("bob"), "<rpid:vacation/>"));
  house.remove_rules("pidf-manipulation/index");
  CHECK_FALSE(has(house.notified("bob"), "vacation"));
  // Another document of the application usage is none.
  house.set_rules(doing("travel"), "pidf-manipulation/other");
  CHECK(house.notifies_to("bob") == 0);
}

TEST_CASE("statuses: hard state that is no presence document is passed over") {
  House house;
  keep_hard_state(house, "<presence/>");
  CHECK(status(house) == "offline");
}

TEST_CASE("statuses: a publication that comes back within the hysteresis was never gone") {
  House house;
  be_patient(house);
  watch(house);
  const std::string tag = etag(house.publish("Expires: 60\r\n", doing("away")));
  house.notified("bob");
  house.shards.pass(63s);
  // Expired is expired: it cannot be refreshed. But nobody was told, and nobody is.
  CHECK(house.publish("SIP-If-Match: " + tag + "\r\n").message->status() == 412);
  CHECK(house.publish("Expires: 60\r\n", doing("away")).message->status() == 200);
  house.shards.pass(10s);
  CHECK(house.notifies_to("bob") == 0);
  CHECK(status(house) == "away");
  CHECK(house.agent.view(alice()).publications.size() == 1);
}

TEST_CASE("statuses: one that comes back with other ids and times says the same [peers: Linphone]") {
  House house;
  be_patient(house);
  watch(house);
  const auto with = [](const std::string& id, const std::string& time) {
    return "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"sip:alice@example.com\"><tuple id=\"" +
           id + "\"><status><basic>open</basic></status><timestamp>" + time +
           "</timestamp></tuple></presence>";
  };
  house.publish("Expires: 60\r\n", with("a1", "2027-01-15T08:00:00Z"));
  house.notified("bob");
  house.shards.pass(63s);
  house.publish("Expires: 60\r\n", with("b2", "2027-01-15T08:01:03Z"));
  house.shards.pass(10s);
  CHECK(house.notifies_to("bob") == 0);
  CHECK(house.agent.view(alice()).publications.size() == 1);
  // What says something else is told.
  house.shards.pass(54s);
  house.publish("Expires: 60\r\n", doing("away"));
  CHECK(has(house.notified("bob"), "<rpid:away/>"));
}

TEST_CASE("statuses: a publication that does not come back is over after the hysteresis") {
  House house;
  be_patient(house);
  watch(house);
  house.publish("Expires: 60\r\n", doing("away"));
  house.notified("bob");
  house.shards.pass(64s);
  CHECK(house.notifies_to("bob") == 0);
  house.shards.pass(2s);
  CHECK(has(house.notified("bob"), "<basic>closed</basic>"));
}

TEST_CASE("statuses: a publication that is taken back is over at once") {
  House house;
  be_patient(house);
  watch(house);
  const std::string tag = etag(house.publish("Expires: 60\r\n", doing("away")));
  house.notified("bob");
  house.publish("SIP-If-Match: " + tag + "\r\nExpires: 0\r\n");
  CHECK(has(house.notified("bob"), "<basic>closed</basic>"));
}

TEST_CASE("statuses: a document that is sent again with a refresh tells nobody anything [peers: Snom]") {
  House house;
  watch(house);
  const std::string tag = etag(house.publish("Expires: 600\r\n", doing("away")));
  house.notified("bob");
  house.shards.pass(1s);
  CHECK(house.publish("SIP-If-Match: " + tag + "\r\n", doing("away")).message->status() == 200);
  CHECK(house.notifies_to("bob") == 0);
}

TEST_CASE("statuses: a registration that comes back within the hysteresis was never gone") {
  House house;
  be_patient(house);
  watch(house);
  house.register_alice(60s);
  CHECK(has(house.notified("bob"), "<basic>open</basic>"));
  house.shards.pass(63s);
  CHECK_FALSE(house.registrar.is_registered("alice@example.com"));
  house.register_alice(60s);
  house.shards.pass(10s);
  CHECK(house.notifies_to("bob") == 0);
}

TEST_CASE("statuses: a registration that does not come back is over after the hysteresis") {
  House house;
  be_patient(house);
  watch(house);
  house.register_alice(60s);
  house.notified("bob");
  house.shards.pass(64s);
  CHECK(house.notifies_to("bob") == 0);
  house.shards.pass(2s);
  CHECK(has(house.notified("bob"), "<basic>closed</basic>"));
  CHECK(house.registrar.recent_bindings("alice@example.com").empty());
}

TEST_CASE("statuses: a device that unregisters is gone at once") {
  House house;
  be_patient(house);
  watch(house);
  house.register_alice(60s);
  house.notified("bob");
  house.commit({model::RemoveBinding{alice(), 7}});
  CHECK(has(house.notified("bob"), "<basic>closed</basic>"));
}

TEST_CASE("statuses: a domain has its own way to choose") {
  House house;
  presence::CompositionSettings settings;
  settings.choices = {{"example.com", presence::StatusChoice::strongest}};
  house.agent.set_composition(settings);
  house.publish("", doing("busy"));
  house.shards.pass(1s);
  house.publish("", doing("away"));
  CHECK(status(house) == "busy");
  settings.choices = {{"example.org", presence::StatusChoice::strongest}};
  house.agent.set_composition(settings);
  CHECK(status(house) == "away");
}

TEST_CASE("statuses: an administrator sees what became of each input") {
  House house;
  house.publish("", doing("busy"));
  house.shards.pass(1s);
  house.publish("", doing("away"));
  keep_hard_state(house, doing("vacation"));
  const auto view = house.agent.view(alice());
  CHECK(view.note.empty());
  REQUIRE(view.inputs.size() == 4);
  CHECK(view.inputs[0].shown);
  CHECK(view.inputs[0].status == Status::away);
  CHECK(view.inputs[0].since == house.shards.clock.now());
  CHECK(view.inputs[0].gave.back() == "person activities");
  CHECK(view.inputs[1].status == Status::busy);
  CHECK(view.inputs[1].why == "older than what is shown");
  CHECK(view.inputs[2].input == presence::Input::hard_state);
  CHECK(view.inputs[3].input == presence::Input::registrations);
}
