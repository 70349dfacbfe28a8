// SPDX-License-Identifier: Apache-2.0
// What attackers send. Every case has its specified answer, and takes time in proportion to its size.
#include "xcap_world.hpp"

#include <chrono>
#include <string>

using namespace rollcall;
using namespace rollcall::xcap;
using tests::contains;
using tests::element_type;
using tests::lists_type;
using tests::says;
using tests::XcapWorld;

namespace {

const std::string joe = "resource-lists/users/joe/index";
const std::string open_lists = "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\">";

std::string with_entries(int count) {
  std::string text = open_lists + "<list name=\"l\">";
  for (int i = 0; i < count; ++i)
    text += fmt::format("<entry uri=\"sip:user{}@example.com\"/>", i);
  return text + "</list></resource-lists>";
}

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i)
    all += text;
  return all;
}

/// Far more than any case needs on a busy machine with sanitizers, far less than quadratic time takes.
constexpr std::chrono::seconds patience{20};

}  // namespace

TEST_CASE("hostile: bombs and external entities are not well-formed here") {
  XcapWorld world;
  for (const auto* text : {"<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;&x;&x;&x;&x;\">]><a>&z;</a>",
                           "<!DOCTYPE a SYSTEM \"http://127.0.0.1/x.dtd\"><a/>",
                           "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
                           "<?xml version=\"1.0\"?><!DOCTYPE a><a/>"})
    CHECK(says(world.put(joe, {text, lists_type}), ConflictKind::not_well_formed));
}

TEST_CASE("hostile: deep nesting is refused, in documents and in elements") {
  XcapWorld world;
  const std::string deep = repeated("<list>", 100'000 / 6);
  CHECK(says(world.put(joe, {open_lists + deep, lists_type}), ConflictKind::not_well_formed));
  CHECK(says(
      world.put(joe, {open_lists + repeated("<list>", 40) + repeated("</list>", 40) + "</resource-lists>",
                      lists_type}),
      ConflictKind::not_well_formed));
  CHECK(world
            .put(joe, {open_lists + repeated("<list>", 20) + repeated("</list>", 20) + "</resource-lists>",
                       lists_type})
            .status == 201);
  const auto inner = joe + "/~~/resource-lists" + repeated("/list", 20) + "/list";
  CHECK(says(world.put(inner, {repeated("<list>", 20) + repeated("</list>", 20), element_type}),
             ConflictKind::not_xml_frag));
  CHECK(world.put(inner, {repeated("<list>", 11) + repeated("</list>", 11), element_type}).status == 201);
}

TEST_CASE("hostile: ten thousand entries are stored and edited") {
  XcapWorld world;
  const auto start = std::chrono::steady_clock::now();
  CHECK(world.put(joe, {with_entries(10'000), lists_type}).status == 201);
  const auto last = joe + "/~~/resource-lists/list/entry%5B@uri=%22sip:user9999@example.com%22%5D";
  CHECK(world.get(last).status == 200);
  CHECK(world.remove(last).status == 200);
  CHECK(world.put(last, {"<entry uri=\"sip:user9999@example.com\"/>", element_type}).status == 201);
  CHECK(world.get(joe).body == with_entries(10'000));
  CHECK(std::chrono::steady_clock::now() - start < patience);
}

TEST_CASE("hostile: ten thousand duplicates are one short report") {
  XcapWorld world;
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = world.put(
      joe, {open_lists + "<list>" + repeated("<entry uri=\"sip:a@b\"/>", 10'000) + "</list></resource-lists>",
            lists_type});
  CHECK(says(outcome, ConflictKind::uniqueness_failure));
  CHECK(outcome.body.size() < 4'000);
  const auto names =
      world.put(joe, {open_lists + repeated("<list name=\"a\"/>", 10'000) + "</resource-lists>", lists_type});
  CHECK(says(names, ConflictKind::uniqueness_failure));
  CHECK(std::chrono::steady_clock::now() - start < patience);
}

TEST_CASE("hostile: ten thousand faults of the schema are one short report") {
  XcapWorld world;
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = world.put(
      joe, {open_lists + "<list>" + repeated("<entry other=\"a\"/>", 10'000) + "</list></resource-lists>",
            lists_type});
  CHECK(says(outcome, ConflictKind::schema_validation_error));
  CHECK(outcome.body.size() < 4'000);
  CHECK(std::chrono::steady_clock::now() - start < patience);
}

TEST_CASE("hostile: content that a schema could match in many ways is matched in one") {
  XcapWorld world;
  const auto start = std::chrono::steady_clock::now();
  const std::string unknown = repeated("<x:y/>", 5'000);
  const std::string conditions =
      "<ruleset xmlns='urn:ietf:params:xml:ns:common-policy' xmlns:x='urn:x'><rule id='a'><conditions>" +
      unknown + "<bad/></conditions></rule></ruleset>";
  CHECK(says(world.put("pres-rules/users/joe/index", {conditions, tests::policy_type}),
             ConflictKind::schema_validation_error));
  for (const std::string element : {"activities", "mood"}) {
    const auto presence = fmt::format(
        "<presence xmlns='urn:ietf:params:xml:ns:pidf' xmlns:x='urn:x' entity='sip:a@b'>"
        "<d:person xmlns:d='urn:ietf:params:xml:ns:pidf:data-model' id='p'>"
        "<r:{0} xmlns:r='urn:ietf:params:xml:ns:pidf:rpid'>{1}<r:note/></r:{0}></d:person></presence>",
        element, unknown);
    CHECK(says(world.put("pidf-manipulation/users/joe/index", {presence, tests::pidf_type}),
               ConflictKind::schema_validation_error));
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

TEST_CASE("hostile: expensive selectors cost no more than the document") {
  XcapWorld world;
  world.keep(joe, with_entries(10'000));
  const auto start = std::chrono::steady_clock::now();
  world.limits.target_bytes = 100'000;
  CHECK(world.get(joe + "/~~/resource-lists" + repeated("/*", 20'000)).status == 404);
  CHECK(
      world.get(joe + "/~~/resource-lists/list/*%5B@uri=%22" + std::string(50'000, 'a') + "%22%5D").status ==
      404);
  CHECK(world.get(joe + "/~~/resource-lists/list/*%5B4294967296%5D").status == 404);
  CHECK(world.get(joe + "/~~/resource-lists?" + repeated("xmlns(a=urn:a)", 5'000)).status == 200);
  CHECK(world.get(joe + "/~~/resource-lists?" + std::string(50'000, '(')).status == 400);
  CHECK(world.get(joe + "/~~/resource-lists?a" + std::string(50'000, '(')).status == 400);
  CHECK(world.put(joe + "/~~/x" + repeated("/*", 20'000), {"<a/>", element_type}).status == 409);
  CHECK(std::chrono::steady_clock::now() - start < patience);
}

TEST_CASE("hostile: wrong namespaces are no way round the schema") {
  XcapWorld world;
  for (const auto* text :
       {"<resource-lists/>", "<resource-lists xmlns=\"urn:other\"/>",
        "<x:resource-lists xmlns:x=\"urn:ietf:params:xml:ns:resource-lists \"/>",
        "<x:resource-lists xmlns:x=\"URN:ietf:params:xml:ns:resource-lists\"/>",
        "<r:resource-lists xmlns:r=\"urn:ietf:params:xml:ns:resource-lists\"><list/></r:resource-lists>"}) {
    CAPTURE(text);
    CHECK(world.put(joe, {text, lists_type}).status == 409);
  }
  CHECK(world
            .put(joe, {"<r:resource-lists "
                       "xmlns:r=\"urn:ietf:params:xml:ns:resource-lists\"><r:list/></r:resource-lists>",
                       lists_type})
            .status == 201);
}

TEST_CASE("hostile: a report quotes markup as text") {
  XcapWorld world;
  const auto outcome = world.put(
      joe, {open_lists + "<list name=\"&lt;x/>&amp;\"/><list name=\"&lt;x/>&amp;\"/></resource-lists>",
            lists_type});
  CHECK(contains(outcome.body, "<alt-value>&lt;x/&gt;&amp;-2</alt-value>"));
  // The schema's complaint quotes the value; the fixture has checked that the report is sound.
  CHECK(world
            .put("pres-rules/users/joe/index",
                 {"<ruleset xmlns='urn:ietf:params:xml:ns:common-policy'><rule id='&lt;\xC3\x80" +
                      repeated("\xC3\x80", 300) + "&quot;'/></ruleset>",
                  tests::policy_type})
            .status == 409);
}
