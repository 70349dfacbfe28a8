// SPDX-License-Identifier: Apache-2.0
#include "support/schema.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/bodies/rlmi.hpp>
#include <rollcall/xml/element.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using bodies::Instance;
using bodies::InstanceState;
using bodies::ListBody;
using bodies::ListedResource;
using bodies::ListHead;

namespace {

constexpr std::string_view pidf = "application/pidf+xml;charset=\"UTF-8\"";

/// A NOTIFY as a subscriber takes it apart, checked against RFC 4662 §5.
struct Notify {
  xml::Element list;
  std::map<std::string, std::string> parts;  // by Content-ID
};

Notify open(const bodies::TypedBody& body) {
  static tests::Schema schema("rlmi.xsd");
  const auto parts = bodies::read_multipart(body.content_type, body.body);
  REQUIRE(parts.ok());
  REQUIRE_FALSE(parts->empty());
  const auto& root = parts->front();
  CHECK(root.content_type.starts_with(bodies::rlmi_media_type));
  CHECK(body.content_type.find("type=\"application/rlmi+xml\"") != std::string::npos);
  CHECK(body.content_type.find("start=\"<" + root.content_id + ">\"") != std::string::npos);
  const std::string document(root.body);
  CAPTURE(document);
  CHECK(schema.faults(document) == "");
  auto list = xml::read_document(document, {1'000'000, 32});
  REQUIRE(list.ok());
  Notify notify{std::move(*list), {}};
  for (std::size_t i = 1; i < parts->size(); ++i)
    CHECK(notify.parts.emplace((*parts)[i].content_id, std::string((*parts)[i].body)).second);
  return notify;
}

std::string value(const xml::Element& element, std::string_view name) {
  const auto* attribute = element.attribute(name);
  return attribute ? attribute->value : std::string();
}

/// What a subscriber keeps of a list (§5.6).
struct Table {
  std::map<std::string, std::string> bodies;  // by resource; "" for one without any
  std::uint32_t version = 0;

  void take(const ListBody& body) {
    const auto notify = open(body.content);
    CHECK(value(notify.list, "version") == fmt::format("{}", body.version));
    if (value(notify.list, "fullState") == "true") bodies.clear();
    std::set<std::string> used;
    for (const auto& resource : notify.list.children) {
      if (resource.name != "resource") continue;
      auto& known = bodies[value(resource, "uri")];
      for (const auto& instance : resource.children) {
        if (instance.name != "instance") continue;
        const auto cid = value(instance, "cid");
        CHECK((cid.empty() || notify.parts.contains(cid)));
        CHECK((value(instance, "state") != "terminated" || !value(instance, "reason").empty()));
        if (!cid.empty()) known = notify.parts.at(cid);
        CHECK((cid.empty() || used.insert(cid).second));
      }
    }
    CHECK(used.size() == notify.parts.size());
    version = body.version;
  }
};

ListedResource resource(int number, std::string_view body) {
  ListedResource one;
  one.uri = fmt::format("sip:user{}@example.com", number);
  one.names.push_back({fmt::format("User {}", number), ""});
  one.instances.push_back({"1", InstanceState::active, "", pidf, body});
  return one;
}

const ListHead head{
    "sip:friends@example.com", 0, true, {{"Friends", "en"}, {"Freunde", "de"}}, "tag@example.com"};

}  // namespace

TEST_CASE("rlmi: the document of the RFC is written [RFC 4662 §5.1]") {
  ListHead list{"sip:adam-friends@lists.vancouver.example.com",
                7,
                true,
                {{"Buddy List", "en"}, {"Liste d'amis", "fr"}},
                "aaa@vancouver.example.com"};
  std::vector<ListedResource> resources{
      {"sip:bob@vancouver.example.com",
       {{"Bob Smith", ""}},
       {{"juwigmtboe", InstanceState::active, "", pidf, "b"}}},
      {"sip:dave@vancouver.example.com",
       {{"Dave Jones", ""}},
       {{"hqzsuxtfyq", InstanceState::active, "", pidf, "d"}}},
      {"sip:jim@vancouver.example.com",
       {{"Jim", ""}},
       {{"oflzxqzuvg", InstanceState::terminated, "rejected", "", ""}}},
      {"sip:ed@vancouver.example.com", {{"Ed", ""}}, {{"grqhzsppxb", InstanceState::pending, "", "", ""}}}};
  const auto bodies = pack_list(list, resources, 100'000);
  REQUIRE(bodies.size() == 1);
  const auto written = open(bodies[0].content);
  const auto printed = xml::read_document(tests::read_data("event-bodies/rfc4662-01-list.xml"), {});
  REQUIRE(printed.ok());
  for (const auto* name : {"uri", "version", "fullState"})
    CHECK(value(written.list, name) == value(*printed, name));
  REQUIRE(written.list.children.size() == printed->children.size());
  for (std::size_t i = 0; i < printed->children.size(); ++i) {
    const auto& ours = written.list.children[i];
    const auto& theirs = printed->children[i];
    CHECK(ours.name == theirs.name);
    CHECK(ours.text == theirs.text);
    CHECK(value(ours, "uri") == value(theirs, "uri"));
    REQUIRE(ours.children.size() == theirs.children.size());
    for (std::size_t j = 0; j < theirs.children.size(); ++j) {
      CHECK(ours.children[j].text == theirs.children[j].text);
      for (const auto* name : {"id", "state", "reason"})
        CHECK(value(ours.children[j], name) == value(theirs.children[j], name));
      CHECK(value(ours.children[j], "cid").empty() == value(theirs.children[j], "cid").empty());
    }
  }
}

TEST_CASE("rlmi: a list without resources is one NOTIFY [RFC 4662 §5.2]") {
  const auto full = pack_list(head, {}, 1'300);
  REQUIRE(full.size() == 1);
  CHECK(value(open(full[0].content).list, "fullState") == "true");
  auto changes = head;
  changes.full_state = false;
  CHECK(pack_list(changes, {}, 1'300).size() == 1);
}

TEST_CASE("rlmi: an ended instance always has a reason [RFC 4662 §5.5]") {
  ListedResource one{"sip:a@b.c", {}, {{"1", InstanceState::terminated, "", "", ""}}};
  const auto bodies = pack_list(head, {&one, 1}, 1'300);
  CHECK(bodies[0].content.body.find("reason=\"noresource\"") != std::string::npos);
}

TEST_CASE("rlmi: a list within a list is a part with its own root [RFC 4662 §5.5]") {
  const std::string state = "<presence/>";
  const std::vector<ListedResource> inner{resource(1, state), resource(2, state)};
  auto inner_head = head;
  inner_head.uri = "sip:inner@example.com";
  inner_head.cid_tail = "inner@example.com";
  const auto nested = pack_list(inner_head, inner, 100'000);
  REQUIRE(nested.size() == 1);
  ListedResource outer{"sip:inner@example.com", {}, {}};
  outer.instances.push_back(
      {"1", InstanceState::active, "", nested[0].content.content_type, nested[0].content.body});
  const std::vector<ListedResource> resources{outer, resource(3, state)};
  const auto made = pack_list(head, resources, 100'000);
  REQUIRE(made.size() == 1);
  const auto notify = open(made[0].content);
  REQUIRE(notify.parts.size() == 2);
  const auto cid = value(notify.list.children[2].children[0], "cid");
  REQUIRE(notify.parts.contains(cid));
  CHECK(notify.parts.at(cid) == nested[0].content.body);
  const auto inside = open({nested[0].content.content_type, notify.parts.at(cid)});
  CHECK(inside.parts.size() == 2);
}

TEST_CASE("rlmi: changes are split below the size, each version one higher [RFC 4662 §5.2]") {
  std::vector<std::string> states;
  for (int i = 0; i < 200; ++i)
    states.push_back("<presence>" + std::string(static_cast<std::size_t>(i * 7 % 400), 'x') + "</presence>");
  std::vector<ListedResource> resources;
  for (int i = 0; i < 200; ++i)
    resources.push_back(resource(i, states[static_cast<std::size_t>(i)]));
  auto changes = head;
  changes.full_state = false;
  changes.version = 41;
  const auto bodies = pack_list(changes, resources, 1'300);
  CHECK(bodies.size() > 10);
  Table table;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    CHECK(bodies[i].version == 41 + i);
    CHECK(bodies[i].content.body.size() <= 1'300);
    table.take(bodies[i]);
  }
  REQUIRE(table.bodies.size() == 200);
  for (int i = 0; i < 200; ++i)
    CHECK(table.bodies[fmt::format("sip:user{}@example.com", i)] == states[static_cast<std::size_t>(i)]);
}

TEST_CASE("rlmi: full state names every resource first; what did not fit follows [RFC 4662 §5.2, §5.6]") {
  const std::string state = "<presence>" + std::string(500, 'x') + "</presence>";
  std::vector<ListedResource> resources;
  for (int i = 0; i < 20; ++i)
    resources.push_back(resource(i, state));
  const auto bodies = pack_list(head, resources, 3'000);
  REQUIRE(bodies.size() > 2);
  const auto first = open(bodies[0].content);
  CHECK(value(first.list, "fullState") == "true");
  CHECK(std::count_if(first.list.children.begin(), first.list.children.end(),
                      [](const auto& child) { return child.name == "resource"; }) == 20);
  Table table;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    CHECK(bodies[i].content.body.size() <= 3'000);
    CHECK((i == 0 || value(open(bodies[i].content).list, "fullState") == "false"));
    table.take(bodies[i]);
  }
  REQUIRE(table.bodies.size() == 20);
  for (const auto& [uri, body] : table.bodies)
    CHECK(body == state);
}

TEST_CASE("rlmi: when not even the names fit, the table is the same at the end [RFC 4662 §5.6.2]") {
  const std::string state = "<presence/>";
  std::vector<ListedResource> resources;
  for (int i = 0; i < 300; ++i)
    resources.push_back(resource(i, state));
  const auto bodies = pack_list(head, resources, 1'300);
  Table table;
  for (const auto& body : bodies) {
    CHECK(body.content.body.size() <= 1'300);
    table.take(body);
  }
  CHECK(table.bodies.size() == 300);
  CHECK(std::all_of(table.bodies.begin(), table.bodies.end(),
                    [&](const auto& row) { return row.second == state; }));
}

TEST_CASE("rlmi: a resource that is too long alone goes alone") {
  const std::string small = "<presence/>";
  const std::string large = "<presence>" + std::string(5'000, 'x') + "</presence>";
  const std::vector<ListedResource> resources{resource(1, small), resource(2, large), resource(3, small)};
  auto changes = head;
  changes.full_state = false;
  const auto bodies = pack_list(changes, resources, 1'300);
  REQUIRE(bodies.size() == 3);
  CHECK(bodies[0].content.body.size() <= 1'300);
  CHECK(open(bodies[1].content).parts.size() == 1);
  CHECK(bodies[2].content.body.size() <= 1'300);
}

TEST_CASE("rlmi: Content-IDs do not repeat among the bodies of one list [RFC 2392 §2]") {
  const std::string state = "<presence>" + std::string(600, 'x') + "</presence>";
  std::vector<ListedResource> resources;
  for (int i = 0; i < 12; ++i)
    resources.push_back(resource(i, state));
  std::set<std::string> ids;
  std::size_t count = 0;
  for (const auto& body : pack_list(head, resources, 2'000)) {
    const auto parts = bodies::read_multipart(body.content.content_type, body.content.body);
    REQUIRE(parts.ok());
    for (const auto& part : *parts) {
      ids.insert(part.content_id);
      ++count;
    }
  }
  CHECK(ids.size() == count);
}

TEST_CASE("rlmi: a state that looks like a part of the body does not become one") {
  const auto evil = bodies::write_related(std::vector<bodies::PartOut>{{"x", "text/plain", "y"}}).body;
  const std::vector<ListedResource> resources{resource(1, evil)};
  const auto bodies = pack_list(head, resources, 100'000);
  REQUIRE(bodies.size() == 1);
  const auto notify = open(bodies[0].content);
  REQUIRE(notify.parts.size() == 1);
  CHECK(notify.parts.begin()->second == evil);
}
