// SPDX-License-Identifier: Apache-2.0
// The package xcap-diff: changes of documents (RFC 5875, RFC 5874).
#include "house.hpp"
#include "support/schema.hpp"

#include <functional>
#include <map>

#include <rollcall/presence/documents.hpp>
#include <rollcall/xml/element.hpp>

#include <doctest/doctest.h>

namespace rollcall::presence::test {

namespace {

using namespace std::chrono_literals;

using Uris = std::vector<std::string>;

constexpr auto for_long = "Expires: 600\r\n";
const std::string list_type = "Expires: 600\r\nContent-Type: application/resource-lists+xml\r\n";

std::string list_of(const Uris& uris) {
  std::string text = "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'><list>";
  for (const std::string& uri : uris)
    text.append("<entry uri='").append(uri).append("'/>");
  return text + "</list></resource-lists>";
}

/// A document of changes, taken apart.
struct Diff {
  explicit Diff(const Sent& sent) : subscription(sent.header(Header::subscription_state)) {
    static tests::Schema schema("xcap-diff.xsd");
    CHECK(sent.header(Header::content_type) == "application/xcap-diff+xml");
    CHECK(sent.header(Header::event) == "xcap-diff");
    text = sent.message->body();
    CAPTURE(text);
    CHECK(schema.faults(text) == "");
    const auto read = xml::read_document(text, {1 << 20, 16});
    REQUIRE(read);
    root = *read;
  }

  [[nodiscard]] std::size_t size() const { return root.children.size(); }
  /// "document previous>new" of the child with this selector; "" when it has none.
  [[nodiscard]] std::string of(const std::string& sel) const {
    for (const auto& child : root.children) {
      if (child.attribute("sel")->value != sel) continue;
      if (child.name != "document")
        return child.name + (child.attribute("exists") ? " gone" : " " + child.text);
      const auto* before = child.attribute("previous-etag");
      const auto* after = child.attribute("new-etag");
      return "document " + (before ? before->value : "") + ">" + (after ? after->value : "");
    }
    return "";
  }

  std::string subscription, text;
  xml::Element root;
};

/// alice follows documents. Reading one answers at once, or when it is let go on.
struct DocumentHouse {
  explicit DocumentHouse(const base::Limits& limits = {}) : house(limits) {
    documents.root = "https://xcap.example.com/xcap/";
    house.agent.set_documents(
        [this](const DocumentWish& wish, base::MoveFunction<void(base::Result<FollowedDocuments>)> done) {
          wishes.push_back(wish);
          if (!is_slow) return done(answer());
          waiting.push_back(std::move(done));
        });
  }

  [[nodiscard]] base::Result<FollowedDocuments> answer() const {
    if (is_down) return base::unavailable("no database");
    FollowedDocuments found = documents;
    for (const auto& [sel, etag] : etags)
      found.documents.push_back({sel, etag});
    return found;
  }
  void read_now() {
    auto all = std::move(waiting);
    waiting.clear();
    for (auto& done : all)
      done(answer());
    house.shards.settle();
  }
  /// A document of alice, or of nobody, has been changed: everything of it that is followed is as it is now.
  void change(const std::string& owner = "alice@example.com") {
    model::Document document;
    if (!owner.empty()) document.owner = tests::aor(owner.c_str());
    document.path = "resource-lists/index";
    document.body = "<resource-lists/>";
    house.commit({model::SaveDocument{document}});
  }
  House::Dialog follow(const std::string& body = "", const std::string& lines = list_type) {
    return house.subscribe("alice", body.empty() ? for_long : lines, "xcap-diff", "sip:alice@example.com",
                           body);
  }
  std::string answered() { return house.answer("SUBSCRIBE").kind(); }
  Diff notified() { return Diff(house.notified("alice")); }
  [[nodiscard]] std::size_t unread() { return house.notifies_to("alice"); }

  House house;
  FollowedDocuments documents;
  std::map<std::string, std::string> etags;
  std::vector<DocumentWish> wishes;
  std::vector<base::MoveFunction<void(base::Result<FollowedDocuments>)>> waiting;
  bool is_slow = false;
  bool is_down = false;
};

const std::string index = "resource-lists/users/sip:alice@example.com/index";
const std::string other = "resource-lists/users/sip:alice@example.com/other";
const std::string entry = "resource-lists/users/sip:alice@example.com/index/~~/resource-lists/list/entry";
const std::string name = "resource-lists/users/sip:alice@example.com/index/~~/resource-lists/list/@name";

}  // namespace

TEST_CASE("xcap-diff: what is there is told first, with its entity-tags [RFC 5875 §4.7]") {
  DocumentHouse house;
  house.etags = {{index, "1"}, {other, "7"}};
  house.follow(list_of({"resource-lists/users/sip:alice@example.com/", "rls-services/"}));
  CHECK(house.answered() == "200 SUBSCRIBE");
  const Diff first = house.notified();
  CHECK(first.root.attribute("xcap-root")->value == "https://xcap.example.com/xcap/");
  CHECK(first.size() == 2);
  CHECK(first.of(index) == "document >1");
  CHECK(first.of(other) == "document >7");
  REQUIRE(house.wishes.size() == 1);
  CHECK(house.wishes[0].reader == tests::aor("alice@example.com"));
  CHECK_FALSE(house.wishes[0].own);
  CHECK(house.wishes[0].uris == Uris{"resource-lists/users/sip:alice@example.com/", "rls-services/"});
}

TEST_CASE("xcap-diff: without a body all documents of the user are followed") {
  DocumentHouse house;
  house.follow();
  CHECK(house.answered() == "200 SUBSCRIBE");
  CHECK(house.notified().size() == 0);
  REQUIRE(house.wishes.size() == 1);
  CHECK(house.wishes[0].own);
}

TEST_CASE("xcap-diff: the empty URI and a list without entries are wishes of their own [RFC 5875 §4.4]") {
  DocumentHouse house;
  House::Dialog dialog = house.follow(list_of({""}));
  house.notified();
  CHECK_FALSE(house.wishes.back().own);
  CHECK(house.wishes.back().uris == Uris{""});
  house.house.subscribe_again(dialog, list_type, "xcap-diff", list_of({}));
  house.notified();
  CHECK_FALSE(house.wishes.back().own);
  CHECK(house.wishes.back().uris.empty());
}

TEST_CASE("xcap-diff: a document that is created, changed and removed [RFC 5874 §3, Figure 1]") {
  DocumentHouse house;
  house.follow();
  house.notified();
  const auto next = [&] {
    house.house.shards.pass(2s);
    house.change();
    return house.notified().of(index);
  };
  house.etags[index] = "1";
  CHECK(next() == "document >1");
  house.etags[index] = "2";
  house.etags[other] = "7";
  CHECK(next() == "document 1>2");
  house.etags.erase(index);
  CHECK(next() == "document 2>");
  house.house.shards.pass(10s);
  CHECK(house.unread() == 0);
}

TEST_CASE("xcap-diff: what does not change anything that is followed is not told") {
  DocumentHouse house;
  house.etags = {{index, "1"}};
  house.follow();
  house.notified();
  house.house.shards.pass(2s);
  house.change();
  house.house.shards.pass(10s);
  CHECK(house.unread() == 0);
  CHECK(house.wishes.size() == 2);
}

TEST_CASE(
    "xcap-diff: changes that follow each other are told together, from what the watcher knew [RFC 5874 §6]") {
  DocumentHouse house;
  house.etags = {{index, "1"}};
  house.follow();
  house.notified();
  house.etags[index] = "2";
  house.change();
  house.etags[index] = "3";
  house.change();
  CHECK(house.unread() == 0);
  house.house.shards.pass(1100ms);
  CHECK(house.notified().of(index) == "document 1>3");
  house.house.shards.pass(10s);
  CHECK(house.unread() == 0);
}

TEST_CASE("xcap-diff: a change while documents are read, or a NOTIFY is on its way, is told in the next") {
  DocumentHouse house;
  house.etags = {{index, "1"}};
  house.follow();
  house.notified();
  house.house.shards.pass(2s);
  house.is_slow = true;
  house.etags[index] = "2";
  house.change();
  REQUIRE(house.waiting.size() == 1);
  house.change();  // what is being read may not have seen this one
  CHECK(house.waiting.size() == 1);
  house.read_now();
  const Sent second = house.house.notify_to("alice");
  CHECK(Diff(second).of(index) == "document 1>2");
  house.etags[index] = "3";
  house.change();
  CHECK(house.waiting.empty());  // one NOTIFY at a time (RFC 5875 §4.7)
  house.house.reply(second);
  house.house.shards.pass(1100ms);
  REQUIRE(house.waiting.size() == 1);
  house.read_now();
  CHECK(house.notified().of(index) == "document 2>3");
}

TEST_CASE("xcap-diff: changes without end are told at the pace of the limit, with one reading for each") {
  DocumentHouse house;
  house.follow();
  house.notified();
  for (int i = 0; i < 100; ++i) {
    house.etags[index] = std::to_string(i);
    house.change();
    house.house.shards.pass(50ms);
    while (house.unread() > 0)
      house.notified();
  }
  CHECK(house.wishes.size() <= 8);
  CHECK(house.wishes.size() >= 5);
}

TEST_CASE(
    "xcap-diff: a refresh is answered with everything; without a body with what was asked for before "
    "[RFC 5875 §4.7]") {
  DocumentHouse house;
  house.etags = {{index, "1"}};
  House::Dialog dialog = house.follow(list_of({index}));
  house.notified();
  house.house.subscribe_again(dialog, for_long, "xcap-diff");
  CHECK(house.notified().of(index) == "document >1");
  CHECK(house.wishes.back().uris == Uris{index});
  house.house.subscribe_again(dialog, list_type, "xcap-diff", list_of({other}));
  house.notified();
  CHECK(house.wishes.back().uris == Uris{other});
}

TEST_CASE("xcap-diff: a refresh while documents are read for the wish before is answered for the new one") {
  DocumentHouse house;
  house.is_slow = true;
  house.etags = {{index, "1"}};
  House::Dialog dialog = house.follow(list_of({index}));
  house.house.subscribe_again(dialog, list_type, "xcap-diff", list_of({other}));
  house.read_now();
  CHECK(house.unread() == 0);
  REQUIRE(house.waiting.size() == 1);
  CHECK(house.wishes.back().uris == Uris{other});
  house.read_now();
  CHECK(house.unread() == 1);
}

TEST_CASE("xcap-diff: after a NOTIFY that was refused the next tells everything") {
  DocumentHouse house;
  house.etags = {{index, "1"}};
  house.follow();
  house.notified();
  house.house.shards.pass(2s);
  house.etags[index] = "2";
  house.change();
  house.house.notified("alice", 500);
  house.house.shards.pass(30100ms);
  CHECK(house.notified().of(index) == "document >2");
}

TEST_CASE("xcap-diff: who does not answer a NOTIFY has no subscription any more [RFC 5875 §4.7]") {
  DocumentHouse house;
  House::Dialog dialog = house.follow();
  house.answered();
  house.house.notify_to("alice");
  house.house.shards.pass(33s);
  house.house.subscribe_again(dialog, for_long, "xcap-diff");
  CHECK(house.answered() == "481 SUBSCRIBE");
}

TEST_CASE(
    "xcap-diff: components are told with what they are, that they changed and that they are gone "
    "[RFC 5875 §4.7]") {
  using Component = FollowedDocuments::Component;
  DocumentHouse house;
  house.documents.components = {{Component::Kind::element,
                                 entry,
                                 true,
                                 "<entry uri='sip:bob@example.com'>B</entry>",
                                 {{"", "urn:ietf:params:xml:ns:resource-lists"}}},
                                {Component::Kind::attribute, name, true, "friends"}};
  house.follow(list_of({entry, name}));
  const Diff first = house.notified();
  CHECK(first.of(name) == "attribute friends");
  REQUIRE(first.root.children.front().children.size() == 1);
  CHECK(first.root.children.front().children.front().is("urn:ietf:params:xml:ns:resource-lists", "entry"));
  house.house.shards.pass(2s);
  house.documents.components[1].content = "family";
  house.change();
  const Diff second = house.notified();
  CHECK(second.size() == 1);
  CHECK(second.of(name) == "attribute family");
  house.house.shards.pass(2s);
  house.documents.components.clear();
  house.change();
  const Diff third = house.notified();
  CHECK(third.of(entry) == "element gone");
  CHECK(third.of(name) == "attribute gone");
}

TEST_CASE("xcap-diff: documents of the global tree are told to who follows them, and read for nobody else") {
  DocumentHouse house;
  const std::string shared = "resource-lists/global/index";
  house.documents.uses_global = true;
  house.follow(list_of({shared}));
  house.notified();
  house.house.shards.pass(2s);
  house.etags[shared] = "1";
  house.change("");
  CHECK(house.notified().of(shared) == "document >1");
  house.house.shards.pass(2s);
  house.documents.uses_global = false;
  house.change();
  const std::size_t readings = house.wishes.size();
  house.house.shards.pass(2s);
  house.change("");
  house.change("bob@example.com");
  CHECK(house.wishes.size() == readings);
}

TEST_CASE("xcap-diff: a change of the global tree counts while it is not known yet who follows that") {
  DocumentHouse house;
  house.is_slow = true;
  house.follow(list_of({"resource-lists/global/index"}));
  house.change("");
  house.documents.uses_global = true;
  house.read_now();
  house.notified();
  house.etags["resource-lists/global/index"] = "1";
  house.house.shards.pass(1100ms);
  house.read_now();
  CHECK(house.notified().of("resource-lists/global/index") == "document >1");
}

TEST_CASE("xcap-diff: a fetch is told what there is, once [RFC 6665 §4.4.3]") {
  DocumentHouse house;
  house.is_slow = true;
  house.etags = {{index, "1"}};
  house.house.subscribe("alice", "Expires: 0\r\n", "xcap-diff");
  CHECK(house.answered() == "200 SUBSCRIBE");
  CHECK(house.unread() == 0);
  house.read_now();
  const Diff fetched = house.notified();
  CHECK(fetched.subscription == "terminated;reason=timeout");
  CHECK(fetched.of(index) == "document >1");
  house.change();
  house.house.shards.pass(5s);
  CHECK(house.unread() == 0);
}

TEST_CASE("xcap-diff: the last NOTIFY of a subscription is there at once, without a body") {
  DocumentHouse house;
  House::Dialog dialog = house.follow();
  house.notified();
  house.is_slow = true;
  house.house.subscribe_again(dialog, "Expires: 0\r\n", "xcap-diff");
  const Sent last = house.house.notified("alice");
  CHECK(last.header(Header::subscription_state) == "terminated;reason=timeout");
  CHECK(last.message->body().empty());
  house.change();
  CHECK(house.waiting.empty());
}

TEST_CASE("xcap-diff: without the database it is told when that is back; who fetches is to come again") {
  DocumentHouse house;
  house.is_down = true;
  house.etags = {{index, "1"}};
  house.follow();
  CHECK(house.answered() == "200 SUBSCRIBE");
  CHECK(house.unread() == 0);
  house.is_down = false;
  house.house.shards.pass(5100ms);
  CHECK(house.notified().of(index) == "document >1");
  house.is_down = true;
  house.house.subscribe("alice", "Expires: 0\r\n", "xcap-diff");
  const Sent fetched = house.house.notified("alice");
  CHECK(fetched.header(Header::subscription_state) == "terminated;reason=probation;retry-after=5");
  CHECK(fetched.message->body().empty());
}

TEST_CASE("xcap-diff: documents are told to nobody else, and to who takes the format [RFC 5875 §4.4, §7]") {
  DocumentHouse house;
  house.house.subscribe("bob", for_long, "xcap-diff");
  CHECK(house.answered() == "403 SUBSCRIBE");
  CHECK(house.wishes.empty());
  house.house.subscribe("alice", "Expires: 600\r\nAccept: application/pidf+xml\r\n", "xcap-diff");
  const Sent refused = house.house.answer("SUBSCRIBE");
  CHECK(refused.kind() == "406 SUBSCRIBE");
  CHECK(refused.header(Header::accept) == "application/xcap-diff+xml");
}

TEST_CASE("xcap-diff: a body that is no list is answered 415, one that is broken 400, one too long 413") {
  base::Limits limits;
  limits.xcap_diff_entries = 2;
  DocumentHouse house(limits);
  const auto status = [&](const std::string& type, const std::string& body) {
    house.follow(body, "Expires: 600\r\n" + type);
    return house.answered();
  };
  const std::string xml = "Content-Type: application/resource-lists+xml\r\n";
  CHECK(status("Content-Type: text/plain\r\n", "index") == "415 SUBSCRIBE");
  CHECK(status("", list_of({index})) == "415 SUBSCRIBE");
  CHECK(status(xml, "<resource-lists") == "400 SUBSCRIBE");
  CHECK(status(xml, "<resource-lists/>") == "400 SUBSCRIBE");
  CHECK(status(xml, "<!DOCTYPE x [<!ENTITY y 'z'>]>" + list_of({index})) == "400 SUBSCRIBE");
  CHECK(status(xml, list_of({index, other, "rls-services/"})) == "413 SUBSCRIBE");
  CHECK(status(xml, list_of({index, other})) == "200 SUBSCRIBE");
  CHECK(house.wishes.size() == 1);
}

TEST_CASE("xcap-diff: a refresh with a body that is no list changes nothing") {
  DocumentHouse house;
  House::Dialog dialog = house.follow(list_of({index}));
  CHECK(house.answered() == "200 SUBSCRIBE");
  house.notified();
  house.house.subscribe_again(dialog, list_type, "xcap-diff", "<resource-lists");
  CHECK(house.answered() == "400 SUBSCRIBE");
  CHECK(house.unread() == 0);
  CHECK(house.wishes.size() == 1);
}

TEST_CASE("xcap-diff: a list that is no list of watched people is told to nobody as one [RFC 5367 §4]") {
  DocumentHouse house;
  house.follow(list_of({"sip:bob@example.com"}));
  const Sent answer = house.house.answer("SUBSCRIBE");
  CHECK(answer.header(Header::require) == "");
  const Sent notify = house.house.notified("alice");
  CHECK(notify.header(Header::require) == "");
  CHECK(Diff(notify).size() == 0);
}

TEST_CASE("xcap-diff: a user has so many subscriptions and no more; one of the same device makes room") {
  base::Limits limits;
  limits.xcap_diffs_per_user = 1;
  DocumentHouse house(limits);
  const auto follow = [&](const std::string& id, const std::string& expires) {
    house.house.subscribe("alice", "Expires: " + expires + "\r\n", "xcap-diff;id=" + id);
    return house.answered();
  };
  CHECK(follow("1", "600") == "200 SUBSCRIBE");
  CHECK(follow("1", "600") == "200 SUBSCRIBE");
  CHECK(follow("2", "600") == "503 SUBSCRIBE");
  CHECK(follow("2", "0") == "200 SUBSCRIBE");
}

TEST_CASE("xcap-diff: the wish is kept with the subscription [RFC 5875 §4.4]") {
  DocumentHouse house;
  house.follow(
      "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists' xmlns:x='urn:x'>"
      "<list x:a='1'><entry uri='" +
      index +
      "'><display-name>A</display-name></entry>"
      "<x:y/><list><entry uri='" +
      index + "'/></list></list></resource-lists>");
  const auto& committed = house.house.shards.journal().committed();
  const auto* saved = std::get_if<model::SaveSubscription>(&committed.back());
  REQUIRE(saved);
  CHECK(saved->subscription.list.empty());
  // A run that loads the row asks for the same.
  model::Subscription loaded = saved->subscription;
  DocumentHouse later;
  later.etags = {{index, "1"}};
  later.house.shards.shard().keeper().apply({model::SaveSubscription{loaded}});
  later.house.agent.resume();
  later.house.shards.pass(1s);
  CHECK(later.notified().of(index) == "document >1");
  CHECK(later.wishes.back().uris == Uris{index});
}

}  // namespace rollcall::presence::test
