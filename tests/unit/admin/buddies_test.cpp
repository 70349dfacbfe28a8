// SPDX-License-Identifier: Apache-2.0
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::tests;
using http::json::Object;
using http::json::Value;

namespace {

const std::string list = "/api/v1/users/alice%40example.org/buddies";
const std::string bob = list + "/sip%3Abob%40example.org";

struct AliceHouse : House {
  AliceHouse() {
    make_domain();
    make_user("alice");
  }
};

}  // namespace

TEST_CASE("buddies: an entry is made, shown, replaced and removed") {
  AliceHouse house;
  const HttpAnswer made = house.ask(
      "POST", list,
      Object{
          {"uri", "sip:bob@Example.org:5070;transport=tcp"}, {"display_name", "Bob"}, {"group", "friends"}});
  CHECK(made.status == 201);
  CHECK(made.header("location") == bob);
  const Value shown = json_of(house.ask("GET", bob));
  CHECK(text_of(shown, "uri") == "sip:bob@example.org");
  CHECK(text_of(shown, "display_name") == "Bob");
  CHECK(text_of(shown, "group") == "friends");

  const HttpAnswer replaced = house.ask("PUT", bob, Object{{"display_name", "Robert"}});
  CHECK(replaced.status == 200);
  CHECK(text_of(json_of(replaced), "group").empty());

  CHECK(house.ask("DELETE", bob).status == 204);
  CHECK(house.ask("DELETE", bob).status == 404);
  CHECK(house.ask("GET", bob).status == 404);
}

TEST_CASE("buddies: PUT makes an entry that is not there") {
  AliceHouse house;
  const HttpAnswer made = house.ask("PUT", bob, Object{{"display_name", "Bob"}});
  CHECK(made.status == 201);
  CHECK(made.header("location") == bob);
  CHECK(items_of(json_of(house.ask("GET", list))).size() == 1);
}

TEST_CASE("buddies: who is on the list already is a conflict") {
  AliceHouse house;
  CHECK(house.ask("POST", list, Object{{"uri", "sip:bob@example.org"}}).status == 201);
  CHECK(house.ask("POST", list, Object{{"uri", "sips:bob@EXAMPLE.ORG"}}).status == 409);
}

TEST_CASE("buddies: only the URI of a person is taken") {
  AliceHouse house;
  for (const char* uri : {"", "bob", "sip:example.org", "http://example.org", "tel:+1", "sip:bob@"}) {
    CAPTURE(uri);
    CHECK(blamed(house.ask("POST", list, Object{{"uri", uri}})) == "uri");
  }
  CHECK(blamed(house.ask("POST", list, Object{})) == "uri");
  CHECK(house.ask("GET", list + "/nobody").status == 400);
}

TEST_CASE("buddies: a list has a limit") {
  AliceHouse house;
  house.limits.buddies_per_user = 2;
  CHECK(house.ask("POST", list, Object{{"uri", "sip:a@example.org"}}).status == 201);
  CHECK(house.ask("PUT", bob, Object{}).status == 201);
  CHECK(house.ask("POST", list, Object{{"uri", "sip:c@example.org"}}).status == 409);
  CHECK(house.ask("PUT", bob, Object{{"group", "x"}}).status == 200);
}

TEST_CASE("buddies: every text comes back as it went in") {
  AliceHouse house;
  for (const std::string& text : nasty_texts()) {
    CAPTURE(text);
    CHECK(house.ask("PUT", bob, Object{{"display_name", text}, {"group", text}}).status <= 201);
    const Value shown = json_of(house.ask("GET", bob));
    CHECK(text_of(shown, "display_name") == text);
    CHECK(text_of(shown, "group") == text);
  }
  const HttpAnswer made = house.ask("POST", list, Object{{"uri", "sip:a%20%22b%3b';--@example.org"}});
  CHECK(made.status == 201);
  CHECK(text_of(json_of(house.ask("GET", made.header("location"))), "uri") == text_of(json_of(made), "uri"));
}

TEST_CASE("buddies: the list of nobody is not found") {
  House house;
  CHECK(house.ask("GET", list).status == 404);
  CHECK(house.ask("POST", list, Object{{"uri", "sip:bob@example.org"}}).status == 404);
  CHECK(house.ask("PUT", bob, Object{}).status == 404);
}
