// SPDX-License-Identifier: Apache-2.0
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::tests;
using http::json::Object;

namespace {

constexpr auto watchers = "/api/v1/users/alice%40example.org/watchers";
constexpr auto bob = "/api/v1/users/alice%40example.org/watchers/bob%40example.org";

void make_people(House& house) {
  house.make_domain();
  house.make_user("alice");
  house.make_user("bob");
}

/// carol's subscription is over, and nobody has decided.
void let_carol_wait(House& house) {
  model::WaitingWatcher waiting;
  waiting.presentity = *sip::Aor::parse("alice@example.org");
  waiting.watcher = *sip::Aor::parse("carol@elsewhere.org");
  waiting.event = "presence";
  waiting.since = base::now();
  waiting.expires = waiting.since + std::chrono::hours(1);
  house.keep("alice@example.org", {model::SaveWaiting{waiting}});
}

}  // namespace

TEST_CASE("watchers: those who wait are listed, with what the rules say of them") {
  House house;
  make_people(house);
  CHECK(items_of(json_of(house.ask("GET", watchers))).empty());
  let_carol_wait(house);
  const auto answer = json_of(house.ask("GET", watchers));
  REQUIRE(items_of(answer).size() == 1);
  const auto& one = items_of(answer).front();
  CHECK(text_of(one, "watcher") == "carol@elsewhere.org");
  CHECK(text_of(one, "state") == "waiting");
  CHECK(text_of(one, "event") == "timeout");
  CHECK(text_of(one, "handling") == "confirm");
}

TEST_CASE("watchers: a decision becomes a rule of the user, and holds at once") {
  House house;
  make_people(house);
  for (const char* handling : {"block", "polite-block", "confirm", "allow"}) {
    const auto answer = house.ask("PUT", bob, Object{{"handling", handling}});
    REQUIRE(answer.status == 200);
    CHECK(text_of(json_of(answer), "watcher") == "bob@example.org");
    CHECK(text_of(json_of(answer), "decided") == handling);
    CHECK(text_of(json_of(answer), "handling") == handling);
  }
  const auto document = house.tables.documents.at({"alice@example.org", "pres-rules/index"});
  CHECK(document.body.view().find("sip:bob@example.org") != std::string_view::npos);
  CHECK(house.ask("DELETE", bob).status == 204);
  CHECK(house.ask("DELETE", bob).status == 404);
}

TEST_CASE("watchers: a decision ends the waiting; without one it can be forgotten") {
  House house;
  make_people(house);
  const std::string carol = std::string(watchers) + "/sip%3Acarol%40elsewhere.org";
  let_carol_wait(house);
  CHECK(house.ask("DELETE", carol).status == 204);
  CHECK(items_of(json_of(house.ask("GET", watchers))).empty());
  let_carol_wait(house);
  CHECK(house.ask("PUT", carol, Object{{"handling", "block"}}).status == 200);
  CHECK(items_of(json_of(house.ask("GET", watchers))).empty());
}

TEST_CASE("watchers: another rule of the user that gives more is not hidden [RFC 4745 §10.2]") {
  House house;
  make_people(house);
  model::Document document;
  document.owner = *sip::Aor::parse("alice@example.org");
  document.path = "org.openmobilealliance.pres-rules/pres-rules";
  document.body =
      "<cr:ruleset xmlns:cr=\"urn:ietf:params:xml:ns:common-policy\" "
      "xmlns:pr=\"urn:ietf:params:xml:ns:pres-rules\">"
      "<cr:rule id=\"a\"><cr:conditions><cr:identity><cr:many/></cr:identity></cr:conditions>"
      "<cr:actions><pr:sub-handling>allow</pr:sub-handling></cr:actions></cr:rule></cr:ruleset>";
  house.keep("alice@example.org", {model::SaveDocument{document}});
  const auto answer = json_of(house.ask("PUT", bob, Object{{"handling", "block"}}));
  CHECK(text_of(answer, "decided") == "block");
  CHECK(text_of(answer, "handling") == "allow");
}

TEST_CASE("watchers: what is wrong is said") {
  House house;
  make_people(house);
  CHECK(house.ask("PUT", bob, Object{{"handling", "perhaps"}}).status == 400);
  CHECK(house.ask("PUT", bob, Object{{"handling", "allow"}, {"why", "so"}}).status == 400);
  CHECK(house.ask("PUT", std::string(watchers) + "/nobody", Object{{"handling", "allow"}}).status == 400);
  CHECK(house.ask("GET", "/api/v1/users/carol%40example.org/watchers").status == 404);
  CHECK(house
            .ask("PUT", "/api/v1/users/carol%40example.org/watchers/bob%40example.org",
                 Object{{"handling", "allow"}})
            .status == 404);
  CHECK(house.ask("DELETE", "/api/v1/users/carol%40example.org/watchers/bob%40example.org").status == 404);
  house.tables.up = false;
  CHECK(house.ask("PUT", bob, Object{{"handling", "allow"}}).status == 503);
}
