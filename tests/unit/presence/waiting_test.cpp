// SPDX-License-Identifier: Apache-2.0
// Watchers who wait for a decision, and what a presentity is told of its watchers.
#include "house.hpp"

#include <rollcall/rules/edit.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace rollcall::presence::test {

using namespace std::chrono_literals;
using bodies::WatcherStatus;
using rules::Handling;

namespace {

constexpr auto for_long = "Expires: 7200\r\n";

std::string decided(std::string_view watcher, Handling handling) {
  const rules::Decision decision{tests::aor(watcher), handling};
  return rules::document_of({&decision, 1});
}

std::string body_of(const Sent& sent) {
  return std::string(sent.message->body());
}

bool has(const std::string& document, std::string_view text) {
  return document.find(text) != std::string::npos;
}

/// "sip:dave@example.org pending subscribe", one a line, as they stand in a document.
std::string entries(const std::string& document) {
  const auto attribute = [](const std::string& tag, const std::string& name) {
    const std::size_t begin = tag.find(" " + name + "=\"") + name.size() + 3;
    return tag.substr(begin, tag.find('"', begin) - begin);
  };
  std::string lines;
  for (std::size_t at = document.find("<watcher "); at != std::string::npos;
       at = document.find("<watcher ", at + 1)) {
    const std::size_t end = document.find('>', at);
    const std::string tag = document.substr(at, end - at);
    lines += fmt::format("{} {} {}\n", document.substr(end + 1, document.find('<', end) - end - 1),
                         attribute(tag, "status"), attribute(tag, "event"));
  }
  return lines;
}

std::string id_in(const std::string& document) {
  const std::size_t begin = document.find(" id=\"") + 5;
  return document.substr(begin, document.find('"', begin) - begin);
}

/// alice asks who watches, and has been told once.
struct Told {
  Told() {
    house.subscribe("alice", for_long, "presence.winfo");
    last = body_of(house.notified("alice"));
  }
  /// What alice is told next.
  std::string next() { return last = body_of(house.notified("alice")); }

  House house;
  std::string last;
};

std::vector<WatcherView> watchers_of_alice(House& house) {
  return house.agent.watchers(tests::aor("alice@example.com"));
}

}  // namespace

TEST_CASE("waiting: a pending subscription that times out goes on waiting [RFC 3857 §4.7.1]") {
  Told told;
  told.house.subscribe("dave", "Expires: 60\r\n");
  told.house.notified("dave");
  CHECK(entries(told.next()) == "sip:dave@example.org pending subscribe\n");
  const std::string id = id_in(told.last);
  told.house.shards.pass(60s + 100ms);
  CHECK(told.house.notified("dave").header(Header::subscription_state) == "terminated;reason=timeout");
  CHECK(entries(told.next()) == "sip:dave@example.org waiting timeout\n");
  CHECK(id_in(told.last) == id);
  CHECK(told.house.notifies_to("alice") == 0);
  const auto watchers = watchers_of_alice(told.house);
  REQUIRE(watchers.size() == 1);
  CHECK(watchers.front().status == WatcherStatus::waiting);
  CHECK(watchers.front().watcher.text() == "dave@example.org");
}

TEST_CASE("waiting: a fetch without a decision leaves its watcher waiting [RFC 3857 §4.7.1]") {
  House house;
  house.subscribe("dave", "Expires: 0\r\n");
  CHECK(house.notified("dave").message->body().empty());
  REQUIRE(watchers_of_alice(house).size() == 1);
  // Asking again is not written down again, or at least not each time.
  const std::size_t submitted = house.shards.journal().submitted();
  house.subscribe("dave", "Expires: 0\r\n");
  CHECK(house.shards.journal().submitted() == submitted);
  // Who may see is not told of: that comes and goes.
  house.subscribe("bob", "Expires: 0\r\n");
  CHECK(watchers_of_alice(house).size() == 1);
}

TEST_CASE("waiting: without the database a fetch is answered all the same") {
  House house;
  house.shards.journal().set_available(false);
  house.subscribe("dave", "Expires: 0\r\n");
  CHECK(house.answer("SUBSCRIBE").message->status() == 200);
}

TEST_CASE("waiting: a decision ends it [RFC 3857 §4.7.1]") {
  struct Row {
    Handling handling;
    std::string told;
  };
  const Row rows[] = {{Handling::allow, "sip:dave@example.org terminated approved\n"},
                      {Handling::polite_block, "sip:dave@example.org terminated approved\n"},
                      {Handling::block, "sip:dave@example.org terminated rejected\n"}};
  for (const Row& row : rows) {
    CAPTURE(rules::to_string(row.handling));
    Told told;
    told.house.subscribe("dave", "Expires: 0\r\n");
    CHECK(entries(told.next()) == "sip:dave@example.org waiting timeout\n");
    told.house.set_rules(decided("dave@example.org", row.handling));
    CHECK(entries(told.next()) == row.told);
    CHECK(watchers_of_alice(told.house).empty());
  }
}

TEST_CASE("waiting: a new subscription of the same watcher takes its place [RFC 3857 §4.7.1]") {
  Told told;
  told.house.subscribe("dave", "Expires: 0\r\n");
  told.next();
  told.house.subscribe("dave");
  std::string all = entries(told.next());
  while (told.house.notifies_to("alice") > 0)
    all += entries(told.next());
  CHECK(all == "sip:dave@example.org terminated giveup\nsip:dave@example.org pending subscribe\n");
  CHECK(watchers_of_alice(told.house).size() == 1);
}

TEST_CASE("waiting: it ends after some days, also when the database is away for a while") {
  base::Limits limits;
  limits.waiting_watcher_days = 2;
  House house(limits);
  house.subscribe("dave", "Expires: 0\r\n");
  house.shards.pass(47h);
  CHECK(watchers_of_alice(house).size() == 1);
  house.shards.journal().set_available(false);
  house.shards.pass(2h);
  CHECK(watchers_of_alice(house).size() == 1);
  house.shards.journal().set_available(true);
  house.shards.pass(10s);
  CHECK(watchers_of_alice(house).empty());
}

TEST_CASE("waiting: past the limit who has waited longest is forgotten") {
  base::Limits limits;
  limits.waiting_watchers_per_user = 1;
  House house(limits, Policy{rules::DomainDefault::confirm, {}});
  house.subscribe("dave", "Expires: 0\r\n");
  house.shards.pass(1s);
  house.subscribe("bob", "Expires: 0\r\n");
  const auto watchers = watchers_of_alice(house);
  REQUIRE(watchers.size() == 1);
  CHECK(watchers.front().watcher.text() == "bob@example.com");
}

TEST_CASE("waiting: it goes with the presentity, and with the watcher") {
  for (const char* gone : {"alice@example.com", "dave@example.org"}) {
    CAPTURE(gone);
    House house;
    house.agent.set_peers({&house.agent});
    house.subscribe("dave", "Expires: 0\r\n");
    REQUIRE(watchers_of_alice(house).size() == 1);
    house.commit({model::RemoveUser{tests::aor(gone)}});
    CHECK(watchers_of_alice(house).empty());
  }
}

TEST_CASE("winfo: each transition is told with its event, and no more than that [RFC 3857 §4.7.2]") {
  Told told;
  CHECK(has(told.last, "version=\"0\" state=\"full\""));
  auto dave = told.house.subscribe("dave");
  told.house.notified("dave");
  CHECK(entries(told.next()) == "sip:dave@example.org pending subscribe\n");
  CHECK(has(told.last, "version=\"1\" state=\"partial\""));
  told.house.set_rules(decided("dave@example.org", Handling::allow));
  told.house.notified("dave");
  CHECK(entries(told.next()) == "sip:dave@example.org active approved\n");
  CHECK(has(told.last, "version=\"2\" state=\"partial\""));
  told.house.set_rules(decided("dave@example.org", Handling::block));
  told.house.notified("dave");
  CHECK(entries(told.next()) == "sip:dave@example.org terminated rejected\n");
  CHECK(has(told.last, "version=\"3\" state=\"partial\""));
  told.house.subscribe("dave");  // refused: nothing came of it
  CHECK(told.house.notifies_to("alice") == 0);
}

TEST_CASE("winfo: a new dialog of a device deactivates the one before") {
  Told told;
  told.house.subscribe("bob");
  told.house.notified("bob");
  told.next();
  told.house.subscribe("bob");
  std::string all = entries(told.next());
  while (told.house.notifies_to("alice") > 0)
    all += entries(told.next());
  CHECK(has(all, "sip:bob@example.com terminated deactivated\n"));
  CHECK(has(all, "sip:bob@example.com active subscribe\n"));
}

TEST_CASE("winfo: what happened while a NOTIFY was on its way is told in the next, the newest of each") {
  House house;
  house.subscribe("alice", for_long, "presence.winfo");
  const Sent first = house.notify_to("alice");
  house.subscribe("dave");
  house.notified("dave");
  house.set_rules(decided("dave@example.org", Handling::allow));
  house.notified("dave");
  CHECK(house.notifies_to("alice") == 0);
  house.reply(first);
  const std::string next = body_of(house.notified("alice"));
  CHECK(has(next, "version=\"1\" state=\"partial\""));
  CHECK(entries(next) == "sip:dave@example.org active approved\n");
}

TEST_CASE("winfo: after a refresh, and after one that was lost, all is told again [RFC 3858 §4]") {
  House house;
  auto dialog = house.subscribe("alice", for_long, "presence.winfo");
  house.notified("alice");
  house.subscribe("bob");
  house.notified("bob");
  house.notified("alice", 503);
  house.subscribe("carol");
  house.notified("carol");
  house.shards.pass(30s + 100ms);
  const std::string again = body_of(house.notified("alice"));
  CHECK(has(again, "version=\"2\" state=\"full\""));
  CHECK(entries(again) == "sip:bob@example.com active subscribe\nsip:carol@example.com active subscribe\n");
  house.subscribe_again(dialog, for_long, "presence.winfo");
  const std::string refreshed = body_of(house.notified("alice"));
  CHECK(has(refreshed, "version=\"3\" state=\"full\""));
  CHECK(entries(refreshed) == entries(again));
}

TEST_CASE("winfo: a fetch has the full state, and those who wait [RFC 3857 §4.7.2]") {
  House house;
  house.subscribe("dave", "Expires: 0\r\n");
  house.notified("dave");
  house.subscribe("bob");
  house.notified("bob");
  house.subscribe("alice", "Expires: 0\r\n", "presence.winfo");
  const std::string document = body_of(house.notified("alice"));
  CHECK(has(document, "state=\"full\""));
  CHECK(entries(document) == "sip:bob@example.com active subscribe\nsip:dave@example.org waiting timeout\n");
}

TEST_CASE("winfo: more than is remembered is told as the full state") {
  Told told;
  const Sent pending = [&] {
    told.house.subscribe("bob");
    told.house.notified("bob");
    return told.house.notify_to("alice");
  }();
  for (int i = 0; i < 600; ++i) {
    auto dialog = told.house.subscribe("carol");
    told.house.notified("carol");
    told.house.subscribe_again(dialog, "Expires: 0\r\n");
    told.house.notified("carol");
  }
  told.house.reply(pending);
  CHECK(entries(told.next()) == "sip:bob@example.com active subscribe\n");
  CHECK(has(told.last, "state=\"full\""));
}

TEST_CASE("winfo: very many watchers are told in several documents, each of them once") {
  House house;
  for (int i = 0; i < 250; ++i) {
    model::Subscription subscription;
    subscription.presentity = tests::aor("alice@example.com");
    subscription.id = static_cast<std::uint64_t>(i) + 1;
    subscription.event = "presence";
    subscription.watcher = tests::aor(fmt::format("w{}@example.org", i));
    subscription.dialog.local_tag = fmt::format("l{}", i);
    subscription.run = 1;
    subscription.expires = house.shards.clock.now() + 600s;
    house.shards.shard().keeper().apply({model::SaveSubscription{subscription}});
  }
  house.subscribe("alice", for_long, "presence.winfo");
  std::string all, coverage;
  const Sent first = house.notify_to("alice");
  // One goes before it was told of, and one comes.
  house.commit({model::RemoveSubscription{tests::aor("alice@example.com"), 250}});
  house.subscribe("dave");
  house.notified("dave");
  house.reply(first);
  for (std::string document = body_of(first);; document = body_of(house.notified("alice"))) {
    all += entries(document);
    coverage += has(document, "state=\"full\"") ? "full " : "partial ";
    if (house.notifies_to("alice") == 0) break;
  }
  CHECK(coverage == "full partial partial ");
  CHECK(std::count(all.begin(), all.end(), '\n') == 251);
  CHECK_FALSE(has(all, "w249@example.org pending"));
  CHECK(has(all, "w249@example.org terminated"));
  CHECK(has(all, "sip:dave@example.org pending subscribe\n"));
  for (int i = 0; i < 249; ++i)
    CHECK(has(all, fmt::format("sip:w{}@example.org ", i)));
}

TEST_CASE("winfo: an entry says for how long, and since when [RFC 3858 §3]") {
  Told told;
  told.house.subscribe("bob", "Expires: 600\r\n");
  told.house.notified("bob");
  told.next();
  told.house.shards.pass(100s);
  told.house.subscribe("alice", "Expires: 0\r\n", "presence.winfo");
  const std::string document = body_of(told.house.notified("alice"));
  CHECK(has(document, "expiration=\"500\""));
  CHECK(has(document, "duration-subscribed=\"100\""));
}

TEST_CASE("winfo: that of winfo is a package that there is not [RFC 3857 §4.6]") {
  House house;
  house.subscribe("alice", for_long, "presence.winfo.winfo");
  CHECK(house.answer("SUBSCRIBE").message->status() == 489);
}

}  // namespace rollcall::presence::test
