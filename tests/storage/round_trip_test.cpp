// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <algorithm>

#include <doctest/doctest.h>

namespace rollcall::test {

using namespace model;
using namespace std::chrono_literals;

namespace {

// The first loaded row of a kind.
template <class Save>
const Save* find(const Changes& changes) {
  for (const Change& change : changes)
    if (const auto* save = std::get_if<Save>(&change)) return save;
  return nullptr;
}

// What a message looks like after load(): what memory needs of it.
StoredMessage as_loaded(StoredMessage message) {
  message.from = message.to = message.content_type = message.headers = message.body = "";
  return message;
}

}  // namespace

TEST_CASE("storage: every kind of row comes back as it was saved, whatever bytes it holds") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const Domain domain{"example.org", base::Instant(base::Duration(1'700'000'000'000'123))};
  const std::string odd = "o'hara \"x\" {\\} ; --\xC3\xA4@example.org";
  const User user = make_user(odd);
  const Device device{aor(odd), awkward(), base::Instant(base::Duration(5))};
  const Binding binding = make_binding(odd, 0xFFFF'FFFF'FFFF'FFFF);
  const Publication publication = make_publication(odd, 1ULL << 63);
  const Subscription subscription = make_subscription(odd, 9);
  const StoredMessage message = make_message(odd, "01-a");
  const WaitingWatcher waiting = make_waiting(odd, "bob \"'@example.org");
  const Document rules = make_document(odd, "pres-rules/" + awkward());
  const Document lists = make_document(odd, "resource-lists/index");
  CHECK(shard
            .commit({SaveDomain{domain}, SaveUser{user}, SaveDevice{device}, SaveBinding{binding},
                     SavePublication{publication}, SaveSubscription{subscription}, SaveMessage{message},
                     SaveWaiting{waiting}, SaveDocument{rules}, SaveDocument{lists}})
            .result.ok());

  const Changes loaded = load_all(*database);
  REQUIRE(loaded.size() == 9);  // of the documents only those that presence decides by
  CHECK(find<SaveDomain>(loaded)->domain == domain);
  CHECK(find<SaveUser>(loaded)->user == user);
  CHECK(find<SaveDevice>(loaded)->device == device);
  CHECK(find<SaveBinding>(loaded)->binding == binding);
  CHECK(find<SavePublication>(loaded)->publication == publication);
  const Subscription& kept = find<SaveSubscription>(loaded)->subscription;
  CHECK(kept.dialog == subscription.dialog);
  CHECK(kept.flow == subscription.flow);
  CHECK(kept.watcher == subscription.watcher);
  CHECK(kept.state == subscription.state);
  CHECK(kept.user_agent == subscription.user_agent);
  CHECK(kept.event_id == subscription.event_id);
  CHECK(kept.run == subscription.run);
  CHECK(kept.expires == subscription.expires);
  CHECK(find<SaveMessage>(loaded)->message == as_loaded(message));
  CHECK(find<SaveWaiting>(loaded)->waiting == waiting);
  CHECK(find<SaveDocument>(loaded)->document == rules);
}

TEST_CASE("storage: a row without a value in any text comes back empty") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  Binding binding;
  binding.aor = aor("a@b");
  binding.flow = make_binding("a@b", 1).flow;
  binding.expires = base::Instant::max();  // clamped to the year 9999, so it is compared apart
  CHECK(shard.commit({SaveBinding{binding}}).result.ok());
  const Changes loaded = load_all(*database);
  REQUIRE(loaded.size() == 1);
  Binding kept = find<SaveBinding>(loaded)->binding;
  CHECK(kept.expires > base::Instant(std::chrono::sys_days(std::chrono::year(9998) / 1 / 1)));
  kept.expires = binding.expires;
  CHECK(kept == binding);
}

TEST_CASE("storage: SQL in a field is text like any other") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  User victim = make_user("victim@example.org");
  CHECK(shard.commit({SaveUser{victim}}).result.ok());
  for (const std::string text :
       {"'; DROP TABLE users; --", "\"; DELETE FROM users; --", "\\'); TRUNCATE users; --",
        "$$; DROP TABLE users; $$", "{\"a\"}'); DROP TABLE users; --"}) {
    CAPTURE(text);
    User user = make_user("mallory@example.org");
    user.display_name = text;
    Binding binding = make_binding("mallory@example.org", 1);
    binding.contact = binding.parameters = binding.instance = binding.call_id = binding.user_agent = text;
    binding.path = {text, text};
    StoredMessage message = make_message("mallory@example.org", text);
    message.devices = {text};
    CHECK(shard
              .commit({SaveUser{user}, SaveBinding{binding}, SaveMessage{message},
                       SaveDocument{make_document("mallory@example.org", text)},
                       SaveDevice{{user.aor, text, {}}}, RemoveDelivery{message.receiver, text, text},
                       RemoveDocument{user.aor, text}})
              .result.ok());
    const Changes loaded = load_all(*database);
    CHECK(find<SaveBinding>(loaded)->binding == binding);
    CHECK(find<SaveMessage>(loaded)->message.devices.empty());
    CHECK(empty.number("SELECT count(*) FROM users") == 2);
  }
}

TEST_CASE("storage: saving a row that exists replaces it") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  Binding binding = make_binding("alice@example.org", 1);
  CHECK(shard.commit({SaveBinding{binding}}).result.ok());
  binding.cseq = 2;
  binding.contact = "sip:elsewhere@192.0.2.1";
  CHECK(shard.commit({SaveBinding{binding}}).result.ok());
  const Changes loaded = load_all(*database);
  REQUIRE(loaded.size() == 1);
  CHECK(find<SaveBinding>(loaded)->binding == binding);
}

TEST_CASE("storage: what is removed is gone, and removing what is not there is no error") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const sip::Aor user = aor("alice@example.org");
  CHECK(shard
            .commit(
                {SaveBinding{make_binding(user.text(), 1)}, SavePublication{make_publication(user.text(), 2)},
                 SaveSubscription{make_subscription(user.text(), 3)}, SaveDevice{{user, "d", {}}},
                 SaveMessage{make_message(user.text(), "4")}, SaveWaiting{make_waiting(user.text(), "b@c")},
                 SaveDocument{make_document(user.text(), "pres-rules/index")},
                 SaveDocument{make_document("", "pres-rules/index")}})
            .result.ok());
  for (int times = 0; times < 2; ++times) {
    CHECK(shard
              .commit({RemoveBinding{user, 1}, RemovePublication{user, 2}, RemoveSubscription{user, 3},
                       RemoveDevice{user, "d"}, RemoveMessage{user, "4"},
                       RemoveWaiting{user, aor("b@c"), "presence"}, RemoveDocument{user, "pres-rules/index"},
                       RemoveDocument{{}, "pres-rules/index"}, RemoveDelivery{user, "4", "x"}})
              .result.ok());
    CHECK(load_all(*database).empty());
    CHECK(empty.number("SELECT count(*) FROM documents") == 0);
  }
}

TEST_CASE("storage: of watchers that wait only the one who is named is removed") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  WaitingWatcher reg = make_waiting("alice@example.org", "bob@example.org");
  reg.event = "reg";
  CHECK(shard
            .commit({SaveWaiting{make_waiting("alice@example.org", "bob@example.org")}, SaveWaiting{reg},
                     SaveWaiting{make_waiting("alice@example.org", "carol@example.org")}})
            .result.ok());
  CHECK(shard.commit({RemoveWaiting{reg.presentity, reg.watcher, "presence"}}).result.ok());
  CHECK(shard.commit({RemoveWaiting{reg.presentity, aor("carol@example.org"), "presence"}}).result.ok());
  const Changes loaded = load_all(*database);
  REQUIRE(loaded.size() == 1);
  CHECK(find<SaveWaiting>(loaded)->waiting == reg);
}

TEST_CASE("storage: a refresh changes what it carries and nothing else") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const sip::Aor user = aor("alice@example.org");
  Binding binding = make_binding(user.text(), 1);
  Publication publication = make_publication(user.text(), 2);
  Subscription subscription = make_subscription(user.text(), 3);
  CHECK(shard.commit({SaveBinding{binding}, SavePublication{publication}, SaveSubscription{subscription}})
            .result.ok());
  const RefreshBinding later{user, 1, 77, binding.updated + 5s, binding.expires + 9s};
  const RefreshPublication renewed{user, 2, "another-tag", publication.expires + 9s};
  const RefreshSubscription longer{user, 3, 555, 66, 7, subscription.expires + 9s};
  CHECK(shard.commit({later, renewed, longer}).result.ok());
  later.apply_to(binding);
  renewed.apply_to(publication);
  longer.apply_to(subscription);
  const Changes loaded = load_all(*database);
  REQUIRE(loaded.size() == 3);
  CHECK(find<SaveBinding>(loaded)->binding == binding);
  CHECK(find<SavePublication>(loaded)->publication == publication);
  CHECK(find<SaveSubscription>(loaded)->subscription == subscription);
}

TEST_CASE("storage: a refresh in the batch of other changes of its row counts in its order") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const sip::Aor user = aor("alice@example.org");
  Binding binding = make_binding(user.text(), 1);
  const auto refresh = [&](std::uint64_t id, std::uint32_t cseq) {
    return RefreshBinding{user, id, cseq, binding.updated, binding.expires};
  };
  CHECK(shard
            .commit({SaveBinding{binding}, refresh(1, 77), refresh(1, 78),  // new, and refreshed twice
                     SaveBinding{make_binding(user.text(), 2)}, refresh(2, 77), RemoveBinding{user, 2},
                     refresh(2, 78),   // gone
                     refresh(3, 77)})  // never there
            .result.ok());
  binding.cseq = 78;
  const Changes loaded = load_all(*database);
  REQUIRE(loaded.size() == 1);
  CHECK(find<SaveBinding>(loaded)->binding == binding);
  CHECK(shard.commit({refresh(1, 79), SaveBinding{binding}}).result.ok());
  CHECK(find<SaveBinding>(load_all(*database))->binding == binding);
}

TEST_CASE("storage: of several changes of a row the last one counts, in one batch too") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const sip::Aor user = aor("alice@example.org");
  Binding first = make_binding(user.text(), 1), last = first;
  last.cseq = 99;
  CHECK(shard
            .commit({SaveBinding{first}, RemoveBinding{user, 1}, SaveBinding{last},
                     SaveBinding{make_binding("z@z", 1)}, RemoveBinding{aor("z@z"), 1}})
            .result.ok());
  const Changes loaded = load_all(*database);
  REQUIRE(loaded.size() == 1);
  CHECK(find<SaveBinding>(loaded)->binding == last);
}

TEST_CASE("storage: a message waits for the devices that have not had it") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const sip::Aor bob = aor("bob@example.org");
  StoredMessage message = make_message(bob.text(), "1");
  message.devices = {"a", "b", "c", "d"};
  CHECK(shard.commit({SaveMessage{message}, RemoveDelivery{bob, "1", "b"}}).result.ok());
  CHECK(find<SaveMessage>(load_all(*database))->message.devices == std::vector<std::string>{"a", "c", "d"});
  CHECK(shard.commit({RemoveDelivery{bob, "1", "d"}, RemoveDelivery{bob, "1", "a"}}).result.ok());
  CHECK(find<SaveMessage>(load_all(*database))->message.devices == std::vector<std::string>{"c"});
  CHECK(shard.commit({RemoveDelivery{bob, "1", "c"}, RemoveMessage{bob, "1"}}).result.ok());
  CHECK(load_all(*database).empty());
}

TEST_CASE("storage: removing a user removes all that is the user's, and nothing else") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  for (const std::string name : {"alice@example.org", "bob@example.org"})
    CHECK(
        shard
            .commit({SaveUser{make_user(name)}, SaveDocument{make_document(name, "resource-lists/index")},
                     SaveWaiting{make_waiting(name, "x@y")}, SaveBinding{make_binding(name, 1)},
                     SavePublication{make_publication(name, 1)}, SaveSubscription{make_subscription(name, 1)},
                     SaveDevice{{aor(name), "d", {}}}, SaveMessage{make_message(name, "1")}})
            .result.ok());
  // In one entry with changes before and behind it: the order decides.
  CHECK(shard
            .commit({SaveBinding{make_binding("alice@example.org", 2)}, RemoveUser{aor("alice@example.org")},
                     SaveDevice{{aor("alice@example.org"), "new", {}}}})
            .result.ok());
  for (const std::string table : {"users", "bindings", "publications", "messages"})
    CHECK(empty.number("SELECT count(*) FROM " + table) == 1);
  CHECK(empty.number("SELECT count(*) FROM subscriptions") == 1);
  CHECK(empty.number("SELECT count(*) FROM documents") == 1);
  CHECK(empty.number("SELECT count(*) FROM waiting_watchers") == 1);
  CHECK(empty.number("SELECT count(*) FROM devices WHERE device = 'new'") == 1);
}

TEST_CASE("storage: a domain with users is not removed, and the others of its batch are not harmed") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  CHECK(shard
            .commit({SaveDomain{{"example.org", {}}}, SaveDomain{{"example.net", {}}},
                     SaveUser{make_user("alice@example.org")}})
            .result.ok());
  shard.submit({SaveDevice{{aor("alice@example.org"), "d", {}}}});
  shard.submit({RemoveDomain{"example.org"}});
  shard.submit({RemoveDomain{"example.net"}});
  shard.verdicts.clear();
  shard.wait_for(3);
  REQUIRE(shard.verdicts.size() == 3);
  CHECK(shard.verdicts[0].result.ok());
  REQUIRE_FALSE(shard.verdicts[1].result.ok());
  CHECK(shard.verdicts[1].result.error().code == base::ErrorCode::conflict);
  CHECK(shard.verdicts[2].result.ok());
  CHECK(empty.sql("SELECT name FROM domains").size() == 1);
  // Removed together with its last user it goes.
  CHECK(shard.commit({RemoveUser{aor("alice@example.org")}, RemoveDomain{"example.org"}}).result.ok());
  CHECK(empty.number("SELECT count(*) FROM domains") == 0);
}

TEST_CASE("storage: rows that have expired are deleted and not loaded") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  const auto now = base::Instant(base::Duration(2'000'000'000'000'000));
  Binding dead = make_binding("alice@example.org", 1), live = make_binding("alice@example.org", 2);
  dead.expires = now - std::chrono::seconds(1);
  Publication publication = make_publication("alice@example.org", 1);
  publication.expires = now - std::chrono::seconds(1);
  WaitingWatcher waiting = make_waiting("alice@example.org", "bob@example.org");
  waiting.expires = now - std::chrono::seconds(1);
  CHECK(
      shard.commit({SaveBinding{dead}, SaveBinding{live}, SavePublication{publication}, SaveWaiting{waiting}})
          .result.ok());
  std::vector<Change> changes;
  const auto loaded = database->load(now, [&](Change&& change) { changes.push_back(std::move(change)); });
  REQUIRE(loaded.ok());
  CHECK(loaded->expired == 3);
  CHECK(loaded->bindings == 1);
  REQUIRE(changes.size() == 1);
  CHECK(find<SaveBinding>(changes)->binding == live);
  CHECK(empty.number("SELECT count(*) FROM bindings") == 1);
}

TEST_CASE("storage: a row that somebody spoiled by hand is left out and does not stop the start") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  CHECK(shard
            .commit({SaveBinding{make_binding("alice@example.org", 1)},
                     SaveBinding{make_binding("bob@example.org", 1)}})
            .result.ok());
  empty.sql("UPDATE bindings SET flow = 'rubbish' WHERE aor = 'alice@example.org'");
  const Changes loaded = load_all(*database);
  REQUIRE(loaded.size() == 1);
  CHECK(find<SaveBinding>(loaded)->binding.aor == aor("bob@example.org"));
}

}  // namespace rollcall::test
