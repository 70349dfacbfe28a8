// SPDX-License-Identifier: Apache-2.0
// Registrations, presence, waiting messages: what SIP made and administrators see.
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::tests;
using http::json::Object;
using http::json::Value;

namespace {

const std::string alice = "/api/v1/users/alice%40example.org";

struct AliceHouse : House {
  AliceHouse() {
    make_domain();
    make_user("alice");
  }

  void register_device(std::uint64_t id) {
    model::Binding binding;
    binding.aor = *sip::Aor::parse("alice@example.org");
    binding.id = id;
    binding.contact = fmt::format("sip:alice@192.0.2.1:{}", id);
    binding.q = 500;
    binding.path = {"<sip:edge.example.org;lr>"};
    binding.user_agent = nasty_texts().front();
    binding.flow.transport = sip::Transport::tcp;
    binding.flow.remote = *sip::Endpoint::parse("192.0.2.1", 40112);
    binding.updated = base::now();
    binding.expires = base::now() + std::chrono::hours(1);
    keep("alice@example.org", {model::SaveBinding{binding}});
  }

  void store_message(const std::string& id, const std::string& from) {
    model::StoredMessage message;
    message.receiver = *sip::Aor::parse("alice@example.org");
    message.id = id;
    message.from = from;
    message.to = "<sip:alice@example.org>";
    message.content_type = "text/plain";
    message.body = "the text";
    message.fingerprint = id;
    message.stored = base::now();
    message.expires = base::now() + std::chrono::hours(1);
    message.devices = {"urn:uuid:1"};
    keep("alice@example.org", {model::SaveMessage{message}});
  }
};

}  // namespace

TEST_CASE("registrations: devices are listed and forgotten, one or all") {
  AliceHouse house;
  CHECK(items_of(json_of(house.ask("GET", alice + "/registrations"))).empty());
  for (const std::uint64_t id : {18'000'000'000'000'000'001UL, 2UL, 3UL})
    house.register_device(id);
  const Value listed = json_of(house.ask("GET", alice + "/registrations"));
  REQUIRE(items_of(listed).size() == 3);
  std::string ids;
  for (const Value& item : items_of(listed)) {
    ids += text_of(item, "id") + " ";
    CHECK(text_of(item, "transport") == "TCP");
    CHECK(text_of(item, "remote") == "192.0.2.1:40112");
    CHECK(text_of(item, "user_agent") == nasty_texts().front());
    CHECK(item.at("q") == Value(0.5));
    CHECK((*item.at("path").as<http::json::Array>())[0] == Value("<sip:edge.example.org;lr>"));
  }
  CHECK(ids.find("18000000000000000001 ") != std::string::npos);

  CHECK(house.ask("DELETE", alice + "/registrations/18000000000000000001").status == 204);
  CHECK(house.ask("DELETE", alice + "/registrations/18000000000000000001").status == 404);
  for (const char* id : {"0", "-1", "x", "99999999999999999999999"}) {
    CAPTURE(id);
    CHECK(house.ask("DELETE", alice + "/registrations/" + id).status == 404);
  }
  CHECK(items_of(json_of(house.ask("GET", alice + "/registrations"))).size() == 2);
  CHECK(house.ask("DELETE", alice + "/registrations").status == 204);
  CHECK(house.ask("DELETE", alice + "/registrations").status == 204);
  CHECK(items_of(json_of(house.ask("GET", alice + "/registrations"))).empty());
}

TEST_CASE("presence: a user is shown closed, and open when registered") {
  AliceHouse house;
  const Value away = json_of(house.ask("GET", alice + "/presence"));
  CHECK(text_of(away, "aor") == "alice@example.org");
  CHECK(text_of(away, "state") == "closed");
  CHECK(text_of(away, "document").find("<basic>closed</basic>") != std::string::npos);
  house.register_device(1);
  const Value there = json_of(house.ask("GET", alice + "/presence"));
  CHECK(text_of(there, "state") == "open");
  CHECK(text_of(there, "document").find("entity=\"sip:alice@example.org\"") != std::string::npos);
}

TEST_CASE("presence: publications and watchers are told") {
  AliceHouse house;
  model::Publication publication;
  publication.aor = *sip::Aor::parse("alice@example.org");
  publication.id = 7;
  publication.event = "presence";
  publication.entity_tag = "tag7";
  publication.content_type = "application/pidf+xml";
  publication.body =
      "<?xml version=\"1.0\"?><presence xmlns=\"urn:ietf:params:xml:ns:pidf\" "
      "entity=\"sip:alice@example.org\">"
      "<tuple id=\"a\"><status><basic>open</basic></status></tuple></presence>";
  publication.published = base::now();
  publication.expires = base::now() + std::chrono::hours(1);
  model::Subscription subscription;
  subscription.presentity = publication.aor;
  subscription.id = 8;
  subscription.event = "presence";
  subscription.state = model::Subscription::State::active;
  subscription.watcher = *sip::Aor::parse("bob@example.org");
  subscription.dialog = {
      "call", "0-tag", "remote", "sip:alice@example.org", "sip:bob@example.org", "sip:bob@192.0.2.2:5060",
      {},     1,       1};
  subscription.created = base::now();
  subscription.expires = base::now() + std::chrono::hours(1);
  house.keep("alice@example.org",
             {model::SavePublication{publication}, model::SaveSubscription{subscription}});

  const Value shown = json_of(house.ask("GET", alice + "/presence"));
  CHECK(text_of(shown, "state") == "open");
  const auto& publications = *shown.at("publications").as<http::json::Array>();
  REQUIRE(publications.size() == 1);
  CHECK(text_of(publications[0], "entity_tag") == "tag7");
  CHECK(text_of(publications[0], "content_type") == "application/pidf+xml");
  const auto& watchers = *shown.at("watchers").as<http::json::Array>();
  REQUIRE(watchers.size() == 1);
  CHECK(text_of(watchers[0], "aor") == "bob@example.org");
  CHECK(text_of(watchers[0], "state") == "active");
}

TEST_CASE("presence: an administrator sets a status, sees it explained, and takes it back") {
  AliceHouse house;
  house.register_device(1);
  const auto status = alice + "/presence/status";
  CHECK(house.ask("DELETE", status).status == 404);
  CHECK(house.ask("PUT", status, Object{{"status", "busy"}, {"note", "in court"}, {"expires", 60}}).status ==
        204);
  const Value shown = json_of(house.ask("GET", alice + "/presence"));
  CHECK(text_of(shown, "status") == "busy");
  CHECK(text_of(shown, "note") == "in court");
  const auto& inputs = *shown.at("inputs").as<http::json::Array>();
  REQUIRE(inputs.size() == 2);
  CHECK(text_of(inputs[0], "input") == "administrator");
  CHECK(text_of(inputs[0], "from") == "administrator");
  CHECK(inputs[0].at("shown") == Value(true));
  CHECK(inputs[0].at("by_hand") == Value(true));
  CHECK_FALSE(inputs[0].at("expires").is_null());
  CHECK(text_of(inputs[1], "input") == "registrations");
  CHECK(text_of(inputs[1], "status") == "available");
  CHECK(inputs[1].at("shown") == Value(false));
  CHECK(inputs[1].at("since").is_null());
  CHECK(house.ask("PUT", status, Object{{"status", "offline"}}).status == 204);
  CHECK(text_of(json_of(house.ask("GET", alice + "/presence")), "state") == "closed");
  CHECK(house.ask("DELETE", status).status == 204);
  CHECK(text_of(json_of(house.ask("GET", alice + "/presence")), "status") == "available");
}

TEST_CASE("presence: what is wrong with a status is told") {
  AliceHouse house;
  const auto status = alice + "/presence/status";
  const std::vector<Value> bodies = {
      Value(),
      http::json::Array{},
      Object{},
      Object{{"status", "idle"}},
      Object{{"status", "Busy"}},
      Object{{"status", 7}},
      Object{{"status", "busy"}, {"expires", 0}},
      Object{{"status", "busy"}, {"expires", 315'360'001}},
      Object{{"status", "busy"}, {"expires", "60"}},
      Object{{"status", "busy"}, {"expires", 1.5}},
      Object{{"status", "busy"}, {"note", "a\nb"}},
      Object{{"status", "busy"}, {"until", "noon"}},
  };
  for (const Value& body : bodies) {
    CAPTURE(http::json::write(body));
    CHECK(house.ask("PUT", status, body).status == 400);
  }
  CHECK(text_of(json_of(house.ask("GET", alice + "/presence")), "status") == "offline");
  CHECK(house.ask("PUT", "/api/v1/users/nobody%40example.org/presence/status", Object{{"status", "busy"}})
            .status == 404);
}

TEST_CASE("messages: what waits is counted, listed in pages without its text, and dropped") {
  AliceHouse house;
  for (int i = 1; i <= 3; ++i)
    house.store_message(fmt::format("id-{}", i), nasty_texts()[0]);
  const Value first = json_of(house.ask("GET", alice + "/messages?limit=2"));
  CHECK(first.at("count") == Value(3));
  REQUIRE(items_of(first).size() == 2);
  CHECK(text_of(items_of(first)[0], "id") == "id-1");
  CHECK(text_of(items_of(first)[0], "from") == nasty_texts()[0]);
  CHECK(items_of(first)[0].at("size") == Value(8));
  CHECK(items_of(first)[0].find("body") == nullptr);
  const Value rest = json_of(
      house.ask("GET", alice + "/messages?limit=2&cursor=" + http::percent_encode(text_of(first, "next"))));
  CHECK(items_of(rest).size() == 1);
  CHECK(rest.at("next").is_null());

  CHECK(house.ask("DELETE", alice + "/messages/id-2").status == 204);
  CHECK(house.ask("DELETE", alice + "/messages/id-2").status == 404);
  CHECK(json_of(house.ask("GET", alice + "/messages")).at("count") == Value(2));
  CHECK(house.ask("DELETE", alice + "/messages").status == 204);
  CHECK(house.ask("DELETE", alice + "/messages").status == 204);
  CHECK(json_of(house.ask("GET", alice + "/messages")).at("count") == Value(0));
}

TEST_CASE("state: of a user that does not exist nothing is found") {
  House house;
  for (const char* what : {"/registrations", "/presence", "/messages"}) {
    CAPTURE(what);
    CHECK(house.ask("GET", alice + what).status == 404);
  }
  for (const char* what : {"/registrations", "/registrations/1", "/messages", "/messages/1"}) {
    CAPTURE(what);
    CHECK(house.ask("DELETE", alice + what).status == 404);
  }
}

TEST_CASE("operation: whoever watches the server needs no token") {
  House house;
  CHECK(house.without_token("GET", "/").body.find("Rollcall") == 0);
  CHECK(house.without_token("GET", "/healthz").body == R"({"status":"ok"})");
  CHECK(house.without_token("GET", "/api/v1/openapi.yaml").body.find("openapi: 3.1.0") != std::string::npos);
  const HttpAnswer metrics = house.without_token("GET", "/metrics");
  CHECK(metrics.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(metrics.body.find("# TYPE rollcall_users gauge") != std::string::npos);
}

TEST_CASE("operation: readiness says which part is missing") {
  House house;
  CHECK(house.without_token("GET", "/readyz").status == 200);
  house.tables.up = false;
  HttpAnswer answer = house.without_token("GET", "/readyz");
  CHECK(answer.status == 503);
  CHECK(answer.body.find(R"({"name":"database","ready":false,"detail":"the database cannot be reached"})") !=
        std::string::npos);
  house.tables.up = true;
  house.parts = {{"tcp:127.0.0.1:5060", false, "not listening"}};
  answer = house.without_token("GET", "/readyz");
  CHECK(answer.status == 503);
  CHECK(text_of(json_of(answer), "status") == "not ready");
}
