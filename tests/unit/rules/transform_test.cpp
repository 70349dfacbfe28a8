// SPDX-License-Identifier: Apache-2.0
#include "questions.hpp"
#include "support/presence_schema.hpp"

#include <string>
#include <vector>

#include <rollcall/rules/transform.hpp>
#include <rollcall/xml/pidf.hpp>

using namespace rollcall;
using rules::Permissions;
using xml::PidfDocument;

namespace {

constexpr const char* all_parts =
    "<pr:provide-services><pr:all-services/></pr:provide-services><pr:provide-persons><pr:all-persons/>"
    "</pr:provide-persons><pr:provide-devices><pr:all-devices/></pr:provide-devices>";

Permissions permissions(const std::string& transformations) {
  const auto ruleset =
      tests::read_rules_text(tests::ruleset_text(tests::rule_text("", "allow", transformations)));
  return tests::ask(ruleset, {}).grant->permissions;
}

PidfDocument read(const std::string& text) {
  auto document = PidfDocument::parse(text, base::Limits());
  CAPTURE(text);
  REQUIRE(document.ok());
  return *document;
}

/// A document around components, with the prefixes dm, r, c and x.
PidfDocument presence(const std::string& components) {
  return read(
      "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\""
      " xmlns:r=\"urn:ietf:params:xml:ns:pidf:rpid\" xmlns:c=\"urn:ietf:params:xml:ns:pidf:cipid\""
      " xmlns:x=\"urn:example:x\" entity=\"sip:alice@example.com\">" +
      components + "</presence>");
}

std::string tuple(const std::string& id, const std::string& contact, const std::string& rest = {}) {
  return "<tuple id=\"" + id + "\"><status><basic>open</basic></status>" + rest + "<contact>" + contact +
         "</contact></tuple>";
}

/// The text of what is shown. It is valid, stays the same when shown again, and reads back as it was.
std::string shown(const PidfDocument& document, const std::string& transformations) {
  const auto permitted = permissions(transformations);
  const auto result = rules::transform(document, permitted);
  const auto text = write(result);
  CAPTURE(text);
  CHECK(tests::PresenceSchema::instance().faults(text) == "");
  CHECK(read(text) == result);
  return text;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string give(const std::string& permission, const std::string& value = "true") {
  return "<pr:provide-" + permission + ">" + value + "</pr:provide-" + permission + ">";
}

/// The document that RFC 4480 prints; its sphere has no valid value and is mended.
PidfDocument rich_document() {
  auto text = tests::read_data("samples/rfc4480-01-presence.xml");
  const std::string sphere = "bowling league";
  text.replace(text.find(sphere), sphere.size(), "<rpid:work/>");
  return read(text);
}

}  // namespace

TEST_CASE("transform: without a permission nothing but the entity is shown [RFC 5025 §3.3]") {
  const auto result = rules::transform(rich_document(), Permissions());
  PidfDocument empty;
  empty.entity = "pres:someone@example.com";
  CHECK(result == empty);
  CHECK(tests::PresenceSchema::instance().faults(write(result)) == "");
}

TEST_CASE("transform: with every permission the document is shown as it is [RFC 5025 §3.3.2.15]") {
  const auto document = rich_document();
  CHECK(rules::transform(document, Permissions::everything()) == document);
  CHECK(permissions(std::string(all_parts) + "<pr:provide-all-attributes/>") == Permissions::everything());
}

TEST_CASE("transform: certain information is always shown with its component [RFC 5025 §3.3.2]") {
  const auto text = shown(rich_document(), all_parts);
  for (const auto* kept :
       {"<basic>open</basic>", "im:someone@mobile.example.net", "<rpid:service-class><rpid:electronic/>",
        "2005-10-27T16:49:29Z", "2005-05-30T16:09:44+05:00",
        "<dm:deviceID>urn:device:0003ba4811e3</dm:deviceID>", "id=\"bs35r9\"", "id=\"p1\"", "id=\"pc147\""}) {
    CAPTURE(kept);
    CHECK(contains(text, kept));
  }
  for (const auto* gone : {"Disturb", "Tokyo", "relationship", "urn:x-mac:0003ba4811e3", "class>email",
                           "status-icon", "user-input", "PC", "activities", "calendar", "mood", "place-is",
                           "place-type", "privacy", "sphere", "time-offset", "Scoring"}) {
    CAPTURE(gone);
    CHECK_FALSE(contains(text, gone));
  }
}

TEST_CASE("transform: only the service-class of a service is always shown [RFC 5025 §3.3.2]") {
  const auto text = shown(
      presence("<dm:person id=\"p\"><r:service-class><r:postal/></r:service-class></dm:person>" +
               tuple("t", "sip:alice@example.com", "<r:service-class><r:electronic/></r:service-class>")),
      all_parts);
  CHECK(contains(text, "<rpid:electronic/>"));
  CHECK_FALSE(contains(text, "postal"));
}

TEST_CASE("transform: each attribute is shown by its own permission alone [RFC 5025 §3.3.2]") {
  struct Row {
    const char *permission, *shown;
  };
  const Row rows[] = {{"activities", "<rpid:away/>"},
                      {"class", "<rpid:class>email</rpid:class>"},
                      {"class", "<rpid:class>calendar</rpid:class>"},
                      {"deviceID", "urn:x-mac:0003ba4811e3"},
                      {"mood", "<rpid:angry/>"},
                      {"place-is", "<rpid:noisy/>"},
                      {"place-type", "residence"},
                      {"privacy", "<rpid:privacy>"},
                      {"relationship", "<rpid:assistant/>"},
                      {"sphere", "<rpid:work/>"},
                      {"status-icon", "http://example.com/mail.png"},
                      {"status-icon", "http://example.com/play.gif"},
                      {"time-offset", "-240"},
                      {"note", "Disturb"},
                      {"note", "Scoring"},
                      {"note", "<dm:note>PC</dm:note>"},
                      {"note", "Tokyo"}};
  const auto document = rich_document();
  for (const auto& given : rows) {
    const auto text = shown(document, all_parts + give(given.permission));
    for (const auto& row : rows) {
      CAPTURE(given.permission);
      CAPTURE(row.shown);
      CHECK(contains(text, row.shown) == (std::string_view(row.permission) == given.permission));
    }
  }
}

TEST_CASE("transform: a note within activities goes with the activities [RFC 5025 §3.3.2.13]") {
  const auto document = rich_document();
  CHECK(contains(shown(document, all_parts + give("activities")), "<rpid:note>Far away</rpid:note>"));
  CHECK_FALSE(contains(shown(document, all_parts + give("note")), "Far away"));
}

TEST_CASE("transform: user-input is shown as far as it may be [RFC 5025 §3.3.2.12]") {
  const auto input = [](const std::string& transformations) {
    return shown(rich_document(), all_parts + transformations);
  };
  CHECK_FALSE(contains(input(""), "user-input"));
  CHECK_FALSE(contains(input(give("user-input", "false")), "user-input"));
  CHECK_FALSE(contains(input(give("user-input", "true")), "user-input"));
  CHECK(contains(input(give("user-input", "bare")), "<rpid:user-input>idle</rpid:user-input>"));
  CHECK(contains(input(give("user-input", "thresholds")),
                 "<rpid:user-input idle-threshold=\"600\">idle</rpid:user-input>"));
  const auto full = input(give("user-input", "full"));
  CHECK(contains(full, "idle-threshold=\"600\""));
  CHECK(contains(full, "last-input=\"2004-10-21T13:20:00-05:00\""));
}

TEST_CASE("transform: of a strange user-input no more is shown than is meant") {
  const auto strange = presence(
      "<tuple id=\"t\"><status><basic>open</basic></status><r:user-input x:since=\"secret\" "
      "idle-threshold=\"secret\""
      " id=\"secret\">idle</r:user-input></tuple>"
      "<tuple id=\"u\"><status><basic>open</basic></status><r:user-input>secret</r:user-input></tuple>");
  for (const auto* amount : {"bare", "thresholds"}) {
    const auto text = shown(strange, all_parts + give("user-input", amount));
    CHECK(contains(text, "<rpid:user-input>idle</rpid:user-input>"));
    CHECK_FALSE(contains(text, "secret"));
  }
}

TEST_CASE("transform: services are chosen by URI, scheme, class and id [RFC 5025 §3.3.1.3]") {
  const auto document =
      presence(tuple("a1", "sip:alice@Example.com;transport=tcp", "<r:class>biz</r:class>") +
               tuple("a2", "mailto:alice@example.com") + tuple("a3", "tel:+1-212-5551234") +
               "<tuple id=\"a4\"><status><basic>open</basic></status></tuple>");
  const auto chosen = [&](const std::string& members) {
    const auto permitted = permissions("<pr:provide-services>" + members + "</pr:provide-services>");
    std::string ids;
    for (const auto& one : rules::transform(document, permitted).tuples)
      ids += one.id;
    return ids;
  };
  CHECK(chosen("") == "");
  CHECK(chosen("<pr:all-services/>") == "a1a2a3a4");
  CHECK(chosen("<pr:service-uri>sip:%61lice@example.COM;transport=TCP</pr:service-uri>") == "a1");
  CHECK(chosen("<pr:service-uri>sip:alice@example.com</pr:service-uri>") == "");
  CHECK(chosen("<pr:service-uri>sips:alice@example.com;transport=tcp</pr:service-uri>") == "");
  CHECK(chosen("<pr:service-uri> tel:+12125551234 </pr:service-uri>") == "a3");
  CHECK(chosen("<pr:service-uri>MAILTO:alice@example.com</pr:service-uri>") == "a2");
  CHECK(chosen("<pr:service-uri-scheme>sip</pr:service-uri-scheme><pr:service-uri-scheme>tel</"
               "pr:service-uri-scheme>") == "a1a3");
  CHECK(chosen("<pr:service-uri-scheme>SIP</pr:service-uri-scheme>") == "");
  CHECK(chosen("<pr:class>biz</pr:class>") == "a1");
  CHECK(chosen("<pr:class>Biz</pr:class>") == "");
  CHECK(chosen("<pr:occurrence-id>a2</pr:occurrence-id><pr:occurrence-id>A4</pr:occurrence-id>") == "a2");
  CHECK(chosen("<pr:deviceID>a1</pr:deviceID><x:all-services/><pr:all-persons/>") == "");
}

TEST_CASE(
    "transform: persons and devices are chosen by class, id and device id [RFC 5025 §3.3.1.1, §3.3.1.2]") {
  const auto document = presence(
      "<dm:device id=\"d1\"><r:class>biz</r:class><dm:deviceID>URN:UUID:F81D4FAE-7dec-11d0-a765-00a0c91e6bf6"
      "</dm:deviceID></dm:device><dm:device id=\"d2\"><dm:deviceID>urn:x-mac:1</dm:deviceID></dm:device>"
      "<dm:person id=\"p1\"><r:class>biz</r:class></dm:person><dm:person id=\"p2\"/>");
  const auto chosen = [&](const std::string& transformations) {
    const auto result = rules::transform(document, permissions(transformations));
    std::string ids;
    for (const auto& one : result.persons)
      ids += one.id;
    for (const auto& one : result.devices)
      ids += one.id;
    return ids;
  };
  const auto devices = [](const std::string& members) {
    return "<pr:provide-devices>" + members + "</pr:provide-devices>";
  };
  const auto persons = [](const std::string& members) {
    return "<pr:provide-persons>" + members + "</pr:provide-persons>";
  };
  CHECK(chosen(devices("<pr:all-devices/>") + persons("<pr:all-persons/>")) == "p1p2d1d2");
  CHECK(chosen(devices("<pr:deviceID>urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6</pr:deviceID>")) == "d1");
  CHECK(chosen(devices("<pr:deviceID>urn:x-mac:2</pr:deviceID><pr:class>biz</pr:class>")) == "d1");
  CHECK(chosen(devices("<pr:occurrence-id>d2</pr:occurrence-id><pr:occurrence-id>p1</pr:occurrence-id>")) ==
        "d2");
  CHECK(chosen(persons("<pr:class>biz</pr:class>")) == "p1");
  CHECK(chosen(persons("<pr:occurrence-id>p2</pr:occurrence-id>")) == "p2");
  CHECK(chosen(persons("<pr:all-devices/>")) == "");
}

TEST_CASE("transform: a class chooses a service, and is itself shown by provide-class [RFC 5025 §3.3.2.2]") {
  const auto document = presence(tuple("a", "sip:alice@example.com", "<r:class>biz</r:class>"));
  const std::string by_class = "<pr:provide-services><pr:class>biz</pr:class></pr:provide-services>";
  CHECK_FALSE(contains(shown(document, by_class), "biz"));
  CHECK(contains(shown(document, by_class), "<basic>open</basic>"));
  CHECK(contains(shown(document, by_class + give("class")), "biz"));
}

TEST_CASE("transform: an unknown attribute is shown by name and namespace [RFC 5025 §3.3.2.14]") {
  const auto document = presence(
      "<tuple id=\"t\"><status><basic>open</basic><x:foo>in "
      "status</x:foo></status><x:foo>one</x:foo><x:bar>two</x:bar>"
      "</tuple><dm:person id=\"p\"><c:homepage>three</c:homepage><r:mood><r:angry/></r:mood></dm:person>"
      "<x:foo>top</x:foo>");
  const auto unknown = [](const std::string& uri, const std::string& name,
                          const std::string& value = "true") {
    return "<pr:provide-unknown-attribute ns=\"" + uri + "\" name=\"" + name + "\">" + value +
           "</pr:provide-unknown-attribute>";
  };
  const auto foo = shown(document, all_parts + unknown("urn:example:x", "foo"));
  CHECK(contains(foo, "one"));
  CHECK(contains(foo, "in status"));
  CHECK_FALSE(contains(foo, "two"));
  CHECK_FALSE(contains(foo, "top"));
  CHECK(contains(shown(document, all_parts + unknown("urn:ietf:params:xml:ns:pidf:cipid", "homepage")),
                 "three"));
  // Attributes that RFC 5025 knows have their own permission, and no other one.
  CHECK_FALSE(
      contains(shown(document, all_parts + unknown("urn:ietf:params:xml:ns:pidf:rpid", "mood")), "angry"));
  CHECK_FALSE(contains(shown(document, all_parts + unknown("urn:example:x", "foo", "false")), "one"));
  CHECK_FALSE(contains(shown(document, all_parts + unknown("urn:example:y", "foo")), "one"));
  CHECK_FALSE(contains(
      shown(document, std::string(all_parts) +
                          "<pr:provide-unknown-attribute name=\"foo\">true</pr:provide-unknown-attribute>"),
      "one"));
}

TEST_CASE("transform: all attributes are those of the components that are shown [RFC 5025 §3.3.2.15]") {
  const auto text = shown(rich_document(),
                          "<pr:provide-persons><pr:all-persons/></pr:provide-persons>"
                          "<pr:provide-all-attributes/>");
  CHECK(contains(text, "<rpid:angry/>"));
  CHECK(contains(text, "Scoring"));
  CHECK(contains(text, "Tokyo"));
  CHECK_FALSE(contains(text, "<tuple"));
  CHECK_FALSE(contains(text, "<dm:device"));
}

TEST_CASE("transform: notes of the document are about the person, other elements of it for who may see all") {
  const auto document =
      presence(tuple("t", "sip:alice@example.com") + "<note>global</note><x:foo>top</x:foo>");
  const std::string services = "<pr:provide-services><pr:all-services/></pr:provide-services>";
  CHECK_FALSE(contains(shown(document, services + give("note")), "global"));
  CHECK_FALSE(contains(shown(document, all_parts), "global"));
  CHECK(contains(shown(document, all_parts + give("note")), "global"));
  CHECK_FALSE(contains(shown(document, services + "<pr:provide-all-attributes/>"), "top"));
  CHECK(contains(shown(document, std::string(all_parts) + "<pr:provide-all-attributes/>"), "top"));
}

TEST_CASE("transform: the example document shows what the RFC says [RFC 5025 §6]") {
  const auto ruleset = tests::read_rules_text(tests::read_data("policy/rfc5025-01-ruleset.xml"));
  const auto verdict = tests::ask(ruleset, {{"sip:user@example.com"}});
  const auto result = rules::transform(rich_document(), verdict.grant->permissions);
  const auto text = write(result);
  CHECK(result.tuples.size() == 2);  // mailto:, as no contact is sip:
  CHECK(result.persons.size() == 1);
  CHECK(result.devices.empty());
  CHECK(contains(text, "<rpid:away/>"));
  CHECK_FALSE(contains(text, "mood"));
  CHECK_FALSE(contains(text, "relationship"));
}

TEST_CASE("transform: shown twice is shown once [RFC 5025 §4]") {
  const auto document = rich_document();
  for (const auto& transformations :
       {std::string(all_parts), all_parts + give("user-input", "bare"),
        all_parts + give("user-input", "thresholds"), all_parts + give("note") + give("activities"),
        std::string("<pr:provide-services><pr:service-uri-scheme>im</pr:service-uri-scheme></"
                    "pr:provide-services>")}) {
    const auto permitted = permissions(transformations);
    const auto once = rules::transform(document, permitted);
    CHECK(rules::transform(once, permitted) == once);
  }
}

TEST_CASE("transform: a polite refusal is one closed service and nothing else [RFC 5025 §3.2.1]") {
  const auto document = rules::unavailable_document(*sip::Aor::parse("alice@example.com"));
  CHECK(document.entity == "sip:alice@example.com");
  REQUIRE(document.tuples.size() == 1);
  CHECK(document.tuples[0].basic == xml::Basic::closed);
  CHECK(document.tuples[0].contact->uri == "sip:alice@example.com");
  CHECK(document.tuples[0].timestamp.empty());
  CHECK(document.persons.empty());
  CHECK(document.devices.empty());
  CHECK(tests::PresenceSchema::instance().faults(write(document)) == "");
}

TEST_CASE("sphere: is what all published documents that name one agree on [RFC 5025 §3.1.2]") {
  const auto person = [](const std::string& sphere) {
    return presence("<dm:person id=\"p\">" + sphere + "</dm:person>");
  };
  const auto work = person("<r:sphere><r:work/></r:sphere>"), home = person("<r:sphere><r:home/></r:sphere>"),
             text = person("<r:sphere> Work </r:sphere>"), none = person(""), empty = person("<r:sphere/>"),
             odd = person("<r:sphere><r:work/><x:play/></r:sphere>");
  const auto sphere = [](std::vector<const PidfDocument*> documents) { return rules::sphere_of(documents); };
  CHECK(sphere({}) == "");
  CHECK(sphere({&none}) == "");
  CHECK(sphere({&work}) == "work");
  CHECK(sphere({&none, &work, &text}) == "work");
  CHECK(sphere({&work, &home}) == "");
  CHECK(sphere({&work, &home, &home}) == "");
  CHECK(sphere({&work, &empty}) == "");
  CHECK(sphere({&odd}) == "");
  const auto in_tuple = presence("<tuple id=\"t\"><status/><r:sphere><r:work/></r:sphere></tuple>");
  CHECK(sphere({&in_tuple}) == "");
}
