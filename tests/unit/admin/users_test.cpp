// SPDX-License-Identifier: Apache-2.0
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::tests;
using http::json::Object;
using http::json::Value;

namespace {

Object user(const std::string& name, const std::string& display_name = "") {
  return {{"username", name}, {"domain", "example.org"}, {"password", "pw"}, {"display_name", display_name}};
}

}  // namespace

TEST_CASE("users: one is made, found, changed and removed") {
  House house;
  house.make_domain();
  const HttpAnswer made = house.ask("POST", "/api/v1/users", user("alice", "Alice"));
  CHECK(made.status == 201);
  CHECK(made.header("location") == "/api/v1/users/alice%40example.org");

  const Value shown = json_of(house.ask("GET", made.header("location")));
  CHECK(text_of(shown, "aor") == "alice@example.org");
  CHECK(text_of(shown, "username") == "alice");
  CHECK(text_of(shown, "domain") == "example.org");
  CHECK(text_of(shown, "display_name") == "Alice");
  CHECK(shown.at("enabled") == Value(true));

  const HttpAnswer changed =
      house.ask("PATCH", made.header("location"), Object{{"display_name", "A."}, {"enabled", false}});
  CHECK(changed.status == 200);
  CHECK(text_of(json_of(changed), "display_name") == "A.");
  CHECK(json_of(house.ask("GET", made.header("location"))).at("enabled") == Value(false));

  CHECK(house.ask("DELETE", made.header("location")).status == 204);
  CHECK(house.ask("GET", made.header("location")).status == 404);
  CHECK(house.ask("DELETE", made.header("location")).status == 404);
}

TEST_CASE("users: no answer tells a secret") {
  House house;
  house.make_domain();
  const HttpAnswer made = house.ask("POST", "/api/v1/users", user("alice"));
  for (const HttpAnswer& answer :
       {made, house.ask("GET", "/api/v1/users/alice%40example.org"), house.ask("GET", "/api/v1/users"),
        house.ask("PATCH", "/api/v1/users/alice%40example.org", Object{})}) {
    CHECK(answer.body.find("ha1") == std::string::npos);
    CHECK(answer.body.find("\"pw\"") == std::string::npos);
    CHECK(answer.body.find("password") == std::string::npos);
  }
}

TEST_CASE("users: a password is set, and only with a body that is right") {
  House house;
  house.make_domain();
  house.make_user("alice");
  const std::string path = "/api/v1/users/alice%40example.org/password";
  const auto before = house.tables.users.at("alice@example.org").ha1;
  CHECK(house.ask("PUT", path, Object{{"password", "n3w"}}).status == 204);
  CHECK(house.tables.users.at("alice@example.org").ha1 == sip::Ha1::of("alice", "example.org", "n3w"));
  CHECK_FALSE(house.tables.users.at("alice@example.org").ha1 == before);
  CHECK(blamed(house.ask("PUT", path, Object{})) == "password");
  CHECK(blamed(house.ask("PUT", path, Object{{"password", ""}})) == "password");
  CHECK(house.ask("PUT", "/api/v1/users/bob%40example.org/password", Object{{"password", "x"}}).status ==
        404);
}

TEST_CASE("users: who exists is a conflict, a domain that does not is not found") {
  House house;
  house.make_domain();
  house.make_user("alice");
  CHECK(house.ask("POST", "/api/v1/users", user("alice")).status == 409);
  Object elsewhere = user("alice");
  elsewhere[1].second = Value("example.net");
  CHECK(house.ask("POST", "/api/v1/users", elsewhere).status == 404);
}

TEST_CASE("users: all that is wrong with a new user is told, field by field") {
  House house;
  house.make_domain();
  const HttpAnswer answer =
      house.ask("POST", "/api/v1/users",
                Object{{"username", "a@b"}, {"domain", "-x-"}, {"enabled", 1}, {"colour", "red"}});
  CHECK(answer.status == 400);
  CHECK(answer.header("content-type") == "application/problem+json");
  CHECK(blamed(answer) == "username, domain, password, enabled, colour");
  for (const std::string& name : {std::string(""), std::string("a\tb"), std::string(65, 'x'),
                                  std::string("a b"), std::string("a\x7f")}) {
    CAPTURE(name);
    CHECK(blamed(house.ask("POST", "/api/v1/users", user(name))) == "username");
  }
  CHECK(blamed(house.ask("POST", "/api/v1/users", user("bob", "a\nb"))) == "display_name");
  CHECK(blamed(house.ask("POST", "/api/v1/users", user("bob", std::string(257, 'x')))) == "display_name");
}

TEST_CASE("users: every text comes back as it went in") {
  House house;
  house.make_domain();
  int number = 0;
  for (const std::string& text : nasty_texts()) {
    CAPTURE(text);
    const HttpAnswer made = house.ask("POST", "/api/v1/users", user("u" + std::to_string(++number), text));
    REQUIRE(made.status == 201);
    CHECK(text_of(json_of(house.ask("GET", made.header("location"))), "display_name") == text);
    CHECK(house.ask("PUT", made.header("location") + "/password", Object{{"password", text}}).status == 204);
  }
  for (const char* name :
       {"';DROP", "<b>", "a%41", "a&b=c", "\xc3\xa4\xe2\x82\xac", "a+b", "a?b#c", "..", "a.b-c_d"}) {
    CAPTURE(name);
    const HttpAnswer made = house.ask("POST", "/api/v1/users", user(name));
    if (made.status == 400) {
      CHECK(blamed(made) == "username");
      continue;
    }
    CHECK(made.status == 201);
    CHECK(text_of(json_of(house.ask("GET", made.header("location"))), "username") == name);
    CHECK(house.ask("DELETE", made.header("location")).status == 204);
  }
}

TEST_CASE("users: lists are paged, searched, and kept to a domain") {
  House house;
  house.make_domain("example.org");
  house.make_domain("example.net");
  for (const char* name : {"anna", "ben", "carl", "dora", "emil"})
    house.make_user(name);
  house.make_user("anna", "example.net");

  std::string seen, cursor;
  int pages = 0;
  do {
    const Value page = json_of(house.ask(
        "GET", "/api/v1/users?domain=EXAMPLE.org&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor)));
    for (const Value& item : items_of(page))
      seen += text_of(item, "username") + " ";
    cursor = page.at("next").is_null() ? "" : http::percent_encode(text_of(page, "next"));
    ++pages;
  } while (!cursor.empty() && pages < 10);
  CHECK(seen == "anna ben carl dora emil ");
  CHECK(pages == 3);

  CHECK(items_of(json_of(house.ask("GET", "/api/v1/users"))).size() == 6);
  CHECK(items_of(json_of(house.ask("GET", "/api/v1/users?search=nn"))).size() == 2);
  for (const char* query : {"limit=0", "limit=1001", "limit=x", "limit=", "limit=-1", "cursor=rubbish"}) {
    CAPTURE(query);
    CHECK(house.ask("GET", std::string("/api/v1/users?") + query).status == 400);
  }
}

TEST_CASE("users: an address that is none is refused") {
  House house;
  CHECK(house.ask("GET", "/api/v1/users/alice").status == 400);
  CHECK(house.ask("GET", "/api/v1/users/%40example.org").status == 400);
  CHECK(house.ask("GET", "/api/v1/users/alice%40").status == 400);
  CHECK(house.ask("GET", "/api/v1/users/nobody%40example.org").status == 404);
}

TEST_CASE("users: without the database changes are refused with 503 and reads go on") {
  House house;
  house.make_domain();
  house.make_user("alice");
  house.tables.up = false;
  const HttpAnswer refused = house.ask("POST", "/api/v1/users", user("bob"));
  CHECK(refused.status == 503);
  CHECK(refused.header("retry-after") == "5");
  CHECK(house.ask("GET", "/api/v1/users").status == 503);
  CHECK(house.ask("GET", "/api/v1/users/alice%40example.org").status == 200);
  house.tables.up = true;
  CHECK(house.ask("POST", "/api/v1/users", user("bob")).status == 201);
}

TEST_CASE("users: nobody gets in without the token") {
  House house;
  for (const char* path : {"/api/v1/users", "/api/v1/domains", "/api/v1/users/a%40b/messages"}) {
    CAPTURE(path);
    CHECK(house.without_token("GET", path).status == 401);
  }
}

TEST_CASE("domains: one is made, listed and removed, but not while it has users") {
  House house;
  const HttpAnswer made = house.ask("POST", "/api/v1/domains", Object{{"name", "Example.ORG"}});
  CHECK(made.status == 201);
  CHECK(made.header("location") == "/api/v1/domains/example.org");
  CHECK(text_of(json_of(house.ask("GET", "/api/v1/domains/Example.org")), "name") == "example.org");
  CHECK(house.ask("POST", "/api/v1/domains", Object{{"name", "example.org"}}).status == 409);
  CHECK(items_of(json_of(house.ask("GET", "/api/v1/domains"))).size() == 1);

  house.make_user("alice");
  CHECK(house.ask("DELETE", "/api/v1/domains/example.org").status == 409);
  CHECK(house.ask("DELETE", "/api/v1/users/alice%40example.org").status == 204);
  CHECK(house.ask("DELETE", "/api/v1/domains/example.org").status == 204);
  CHECK(house.ask("GET", "/api/v1/domains/example.org").status == 404);
  CHECK(house.ask("DELETE", "/api/v1/domains/example.org").status == 404);
}

TEST_CASE("domains: only names of hosts and addresses are taken") {
  House house;
  for (const char* name : {"example.org", "localhost", "192.0.2.1", "a-b.c9"}) {
    CAPTURE(name);
    CHECK(house.ask("POST", "/api/v1/domains", Object{{"name", name}}).status == 201);
  }
  for (const char* name :
       {"", "a b", "a..b", "-a.b", "a@b", "a/b", "'; DROP TABLE domains; --", "ex\xc3\xa4mple.org"}) {
    CAPTURE(name);
    CHECK(blamed(house.ask("POST", "/api/v1/domains", Object{{"name", name}})) == "name");
  }
}
