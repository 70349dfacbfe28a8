// SPDX-License-Identifier: Apache-2.0
#include "pidf_changes.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <rollcall/xml/pidf_diff.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using tests::ballast;
using tests::change;
using tests::limits;
using tests::parse;
using tests::presence;
using xml::PidfDocument;
using xml::PidfUpdate;

namespace {

PidfUpdate update(std::string_view body) {
  auto read = PidfUpdate::parse(body, limits);
  CAPTURE(body);
  CAPTURE((read ? std::string() : read.error().detail));
  REQUIRE(read.ok());
  return *read;
}

std::string sample(const char* name) {
  return tests::read_data(std::string("patches/") + name);
}

/// What the watcher has after a diff.
std::string applied(std::string_view known, const PidfUpdate& diff) {
  const auto result = apply_pidf_diff(known, diff, limits);
  if (const auto* error = std::get_if<xml::PatchError>(&result)) {
    CAPTURE(error->phrase);
    CAPTURE(error->operation);
    FAIL("the diff does not fit");
  }
  return std::get<std::string>(result);
}

/// The operations alone.
std::string operations(std::string_view before, std::string_view after) {
  const auto body = change(parse(presence(before)), parse(presence(after)));
  const auto begin = body.find('>', body.find("<p:pidf-diff")) + 1;
  if (body.find("<p:pidf-diff") == std::string::npos) return "full";
  return body.substr(begin, body.rfind("</p:pidf-diff>") - begin);
}

}  // namespace

TEST_CASE("pidf-diff: the example of the RFC is applied as it prints it [RFC 5262 §6]") {
  auto known = update(sample("rfc5262-01-pidf-full.xml"));
  CHECK(known.kind == PidfUpdate::Kind::full);
  CHECK(known.version == 567);
  CHECK(known.entity == "pres:someone@example.com");
  const auto diff = update(sample("rfc5262-02-pidf-diff.xml"));
  CHECK(diff.kind == PidfUpdate::Kind::diff);
  CHECK(diff.version == 568);
  const auto result = parse(applied(known.text, diff));
  auto expected = parse(update(sample("rfc5262-03-pidf-full.xml")).text);
  // The note of the new tuple reads otherwise in the result that the RFC prints than in its patch.
  REQUIRE(expected.tuples.size() == 4);
  REQUIRE(result.tuples.size() == 4);
  expected.tuples[3].notes = result.tuples[3].notes;
  CHECK(result == expected);
}

TEST_CASE("pidf-diff: the examples of notification and publication fit [RFC 5263 §5, RFC 5264 §6]") {
  for (const auto* rfc : {"rfc5263", "rfc5264"}) {
    CAPTURE(rfc);
    const auto known = update(sample(fmt::format("{}-01-pidf-full.xml", rfc).c_str()));
    const auto diff = update(sample(fmt::format("{}-02-pidf-diff.xml", rfc).c_str()));
    const auto result = parse(applied(known.text, diff));
    REQUIRE(result.tuples.size() == 4);
    CHECK(result.tuples[3].id == "ert4773");
    CHECK(result.tuples[2].basic == xml::Basic::open);
    CHECK(result.tuples[1].contact->priority == "0.7");
  }
}

TEST_CASE("pidf-diff: a full document becomes one of root presence, whatever its prefixes [RFC 5262 §3]") {
  const auto expected =
      parse("<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b.c'><note>x</note></presence>");
  CHECK(
      parse(
          update("<p:pidf-full xmlns='urn:ietf:params:xml:ns:pidf' xmlns:p='urn:ietf:params:xml:ns:pidf-diff'"
                 " entity='sip:a@b.c' version='1'><note>x</note></p:pidf-full>")
              .text) == expected);
  CHECK(
      parse(update("<pidf-full xmlns:q='urn:ietf:params:xml:ns:pidf' xmlns='urn:ietf:params:xml:ns:pidf-diff'"
                   " entity='sip:a@b.c'><q:note>x</q:note></pidf-full>")
                .text) == expected);
  CHECK(parse(update("<pidf-full xmlns='urn:ietf:params:xml:ns:pidf-diff' xmlns:pidf='x:' entity='sip:a@b.c'>"
                     "<note xmlns='urn:ietf:params:xml:ns:pidf'>x</note></pidf-full>")
                  .text) == expected);
}

TEST_CASE("pidf-diff: a text that begins like the prefix of the root is a text") {
  const auto text =
      update(
          "<p:pidf-full xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b.c'"
          " xmlns:p='urn:ietf:params:xml:ns:pidf-diff'><x:a xmlns:x='urn:x'>p:b</x:a></p:pidf-full>")
          .text;
  CHECK(parse(text).extensions.at(0).text == "<x:a xmlns:x=\"urn:x\">p:b</x:a>");
  const auto used = update(
                        "<p:pidf-full xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b.c'"
                        " xmlns:p='urn:ietf:params:xml:ns:pidf-diff'><p:a/></p:pidf-full>")
                        .text;
  CHECK(parse(used).extensions.at(0).namespace_uri == xml::pidf_diff_namespace);
}

TEST_CASE("pidf-diff: what is neither full nor diff is refused [RFC 5262 §3]") {
  const auto refused = [](std::string_view body) { return !PidfUpdate::parse(body, limits).ok(); };
  CHECK(refused(presence("")));
  CHECK(refused("<pidf-full xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b.c'/>"));
  CHECK(refused("<pidf-full xmlns='urn:ietf:params:xml:ns:pidf-diff'/>"));
  for (const auto* version : {"", "-1", "x", "4294967296", "1.5"}) {
    CAPTURE(version);
    CHECK(
        refused(fmt::format("<pidf-diff xmlns='urn:ietf:params:xml:ns:pidf-diff' version='{}'/>", version)));
  }
  CHECK(update("<pidf-diff xmlns='urn:ietf:params:xml:ns:pidf-diff' version=' 4294967295 '/>").version ==
        4'294'967'295U);
}

TEST_CASE("pidf-diff: a diff of another presentity is not applied [RFC 5262 §3.2, §11]") {
  const auto diff =
      update("<pidf-diff xmlns='urn:ietf:params:xml:ns:pidf-diff' entity='sip:other@b.c' version='2'/>");
  const auto result = apply_pidf_diff(presence(""), diff, limits);
  REQUIRE(std::holds_alternative<xml::PatchError>(result));
  const auto& error = std::get<xml::PatchError>(result);
  CHECK(error.fault == xml::PatchFault::invalid_attribute_value);
  CHECK(tests::Schema("patch-ops-error.xsd").faults(write_patch_error(error)) == "");
}

TEST_CASE("pidf-diff: a watcher takes versions in order, and asks again after a gap [RFC 5263 §4.5]") {
  const auto document = [](std::string_view note) {
    return parse(presence(fmt::format("{}<note>{}</note>", ballast, note)));
  };
  xml::KnownPresence watcher;
  const auto diff_2 = write_pidf_change(document("1"), document("2"), 2).body;
  const auto diff_3 = write_pidf_change(document("2"), document("3"), 3).body;
  CHECK(watcher.take(diff_2, limits).error().code == base::ErrorCode::precondition);
  REQUIRE(watcher.take(write_pidf_full(document("1"), 1), limits).ok());
  CHECK(watcher.take(diff_3, limits).error().code == base::ErrorCode::precondition);
  REQUIRE(watcher.take(diff_2, limits).ok());
  CHECK(watcher.take(diff_2, limits).error().code == base::ErrorCode::conflict);
  CHECK(watcher.take(write_pidf_full(document("9"), 2), limits).error().code == base::ErrorCode::conflict);
  CHECK(parse(watcher.text()) == document("2"));
  REQUIRE(watcher.take(write_pidf_full(document("7"), 7), limits).ok());
  CHECK(watcher.version() == 7);
  CHECK(watcher.take("<pidf-diff xmlns='urn:ietf:params:xml:ns:pidf-diff'/>", limits).error().code ==
        base::ErrorCode::malformed);
}

TEST_CASE("pidf-diff: a changed status is one text [RFC 5262 §4]") {
  CHECK(operations("<tuple id=\"t\"><status><basic>open</basic></status></tuple>" + ballast,
                   "<tuple id=\"t\"><status><basic>closed</basic></status></tuple>" + ballast) ==
        "<p:replace sel=\"*/tuple[@id='t']/status/basic/text()\">closed</p:replace>");
}

TEST_CASE("pidf-diff: tuples come and go by their ids [RFC 5262 §4]") {
  const std::string a = "<tuple id=\"a\"><status><basic>open</basic></status></tuple>";
  const std::string b = "<tuple id=\"b\"><status><basic>open</basic></status></tuple>";
  CHECK(operations(a + ballast, a + b + ballast) ==
        "<p:add sel=\"*/tuple[@id='z']\" pos=\"before\">" + b + "</p:add>");
  CHECK(operations(ballast, a + ballast) == "<p:add sel=\"*\" pos=\"prepend\">" + a + "</p:add>");
  CHECK(operations(ballast, ballast + a) == "<p:add sel=\"*\">" + a + "</p:add>");
  CHECK(operations(a + b + ballast, b + ballast) == "<p:remove sel=\"*/tuple[@id='a']\"/>");
  CHECK(operations(a + ballast, a + ballast) == "");
}

TEST_CASE("pidf-diff: notes, priorities and languages change in place [RFC 5262 §4]") {
  const auto with = [](std::string_view priority, std::string_view language) {
    return fmt::format(
        "<tuple id=\"t\"><status><basic>open</basic></status><contact priority=\"{}\">sip:a@b.c</contact>"
        "<note xml:lang=\"{}\">a text of some length, so that it is not worth sending again</note></tuple>{}",
        priority, language, ballast);
  };
  CHECK(operations(with("0.5", "en"), with("0.7", "en")) ==
        "<p:replace sel=\"*/tuple[@id='t']/contact/@priority\">0.7</p:replace>");
  CHECK(operations(with("0.5", "en"), with("0.5", "de")) ==
        "<p:replace sel=\"*/tuple[@id='t']/note/@xml:lang\">de</p:replace>");
}

TEST_CASE("pidf-diff: what a person does changes within the person [RFC 5262 §4]") {
  const auto person = [](std::string_view activities) {
    return fmt::format("{}<dm:person id=\"p\"><rpid:activities>{}</rpid:activities></dm:person>", ballast,
                       activities);
  };
  CHECK(operations(person("<rpid:on-the-phone/><rpid:busy/>"), person("<rpid:on-the-phone/>")) ==
        "<p:remove sel=\"*/dm:person[@id='p']/rpid:activities/rpid:busy\"/>");
}

TEST_CASE("pidf-diff: elements of unknown namespaces are replaced whole, by position") {
  const auto with = [](std::string_view value) {
    return fmt::format("{}<x:foo xmlns:x=\"urn:x\"><x:bar>{}</x:bar></x:foo>", ballast, value);
  };
  CHECK(operations(with("1"), with("2")) ==
        "<p:replace sel=\"*/*[2]\"><x:foo xmlns:x=\"urn:x\"><x:bar>2</x:bar></x:foo></p:replace>");
}

TEST_CASE("pidf-diff: another entity, or a diff that is no shorter, gives a full document [RFC 5262 §4]") {
  auto other = parse(presence(ballast));
  other.entity = "sip:other@b.c";
  CHECK(write_pidf_change(parse(presence(ballast)), other, 2).kind == PidfUpdate::Kind::full);
  std::string notes;
  for (int i = 0; i < 40; ++i)
    notes += fmt::format("<note>{}</note>", i);
  CHECK(write_pidf_change(parse(presence(notes)), parse(presence("")), 2).kind == PidfUpdate::Kind::full);
}

TEST_CASE("pidf-diff: more children than are compared give a full document") {
  const auto crowd = [](int count) {
    PidfDocument document;
    document.entity = "sip:a@b.c";
    for (int i = 0; i < count; ++i)
      document.notes.push_back({fmt::format("{}", i), ""});
    return document;
  };
  CHECK(write_pidf_change(crowd(499), crowd(500), 2).kind == PidfUpdate::Kind::diff);
  CHECK(write_pidf_change(crowd(500), crowd(501), 2).kind == PidfUpdate::Kind::full);
}
