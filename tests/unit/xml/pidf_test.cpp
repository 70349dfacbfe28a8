// SPDX-License-Identifier: Apache-2.0
#include "support/presence_schema.hpp"

#include <chrono>
#include <string>
#include <string_view>

#include <rollcall/xml/pidf.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using xml::Basic;
using xml::PidfDocument;

namespace {

constexpr std::string_view head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\""
    " xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\" xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\""
    " entity=\"sip:alice@example.com\">";

/// A document of `content`, with the usual root.
std::string presence(std::string_view content) {
  return std::string(head) + std::string(content) + "</presence>";
}

std::string tuple(std::string_view content) {
  return presence("<tuple id=\"t\"><status><basic>open</basic></status>" + std::string(content) + "</tuple>");
}

PidfDocument parse(std::string_view text) {
  auto document = PidfDocument::parse(text, base::Limits());
  CAPTURE(text);
  CAPTURE((document ? std::string() : document.error().detail));
  REQUIRE(document.ok());
  return *document;
}

std::string fault(std::string_view text) {
  const auto document = PidfDocument::parse(text, base::Limits());
  if (document) return "accepted";
  CHECK(document.error().code == base::ErrorCode::malformed);
  return document.error().detail;
}

/// What we write of what we read: valid, and read again the same.
std::string rewritten(std::string_view text) {
  const auto document = parse(text);
  auto written = write(document);
  CAPTURE(written);
  CHECK(tests::PresenceSchema::instance().faults(written) == "");
  CHECK(parse(written) == document);
  CHECK(write(parse(written)) == written);
  return written;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("pidf: a document is read into its parts [RFC 3863 §4.1]") {
  const auto document = parse(presence(
      "<tuple id=\"t1\"><status><basic>open</basic></status><contact priority=\"0.8\">sip:a@b.c</contact>"
      "<note xml:lang=\"en\">here</note><note>da</note><timestamp>2026-01-31T10:00:00Z</timestamp></tuple>"
      "<tuple id=\"t2\"><status><basic>closed</basic></status></tuple><note>all day</note>"));
  CHECK(document.entity == "sip:alice@example.com");
  REQUIRE(document.tuples.size() == 2);
  const auto& first = document.tuples[0];
  CHECK(first.id == "t1");
  CHECK(first.basic == Basic::open);
  REQUIRE(first.contact);
  CHECK(*first.contact == xml::Contact{"sip:a@b.c", "0.8"});
  CHECK(first.notes == std::vector<xml::Note>{{"here", "en"}, {"da", ""}});
  CHECK(first.timestamp == "2026-01-31T10:00:00Z");
  CHECK(document.tuples[1].basic == Basic::closed);
  CHECK_FALSE(document.tuples[1].contact);
  CHECK(document.notes == std::vector<xml::Note>{{"all day", ""}});
}

TEST_CASE("pidf: person and device are read into their parts [RFC 4479 §3.2, §3.4]") {
  const auto document = parse(presence(
      "<dm:person id=\"p\"><rpid:activities><rpid:away/></rpid:activities><dm:note>out</dm:note>"
      "<dm:timestamp>2026-01-31T10:00:00+01:00</dm:timestamp></dm:person>"
      "<dm:device "
      "id=\"d\"><rpid:user-input>idle</rpid:user-input><dm:deviceID>urn:x:1</dm:deviceID></dm:device>"));
  REQUIRE(document.persons.size() == 1);
  REQUIRE(document.persons[0].elements.size() == 1);
  CHECK(document.persons[0].elements[0].name == "activities");
  CHECK(document.persons[0].elements[0].namespace_uri == "urn:ietf:params:xml:ns:pidf:rpid");
  CHECK(document.persons[0].elements[0].text == "<rpid:activities><rpid:away/></rpid:activities>");
  CHECK(document.persons[0].notes[0].text == "out");
  CHECK(document.persons[0].timestamp == "2026-01-31T10:00:00+01:00");
  REQUIRE(document.devices.size() == 1);
  CHECK(document.devices[0].device_id == "urn:x:1");
  CHECK(document.devices[0].elements[0].text == "<rpid:user-input>idle</rpid:user-input>");
}

TEST_CASE("pidf: what breaks the rules of the document is refused [RFC 3863 §4.1]") {
  constexpr std::string_view open = "<status><basic>open</basic></status>";
  const auto with = [](std::string_view text) { return std::string(text); };
  CHECK(contains(fault("<presence entity='sip:a@b.c'/>"), "root"));
  CHECK(contains(fault("<p xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b.c'/>"), "root"));
  CHECK(contains(fault("<presence xmlns='urn:ietf:params:xml:ns:pidf:' entity='sip:a@b.c'/>"), "root"));
  CHECK(contains(fault("<presence xmlns='urn:ietf:params:xml:ns:pidf'/>"), "entity"));
  CHECK(contains(fault("<presence xmlns='urn:ietf:params:xml:ns:pidf' entity=' '/>"), "entity"));
  CHECK(contains(fault(presence("<tuple>" + with(open) + "</tuple>")), "without an id"));
  CHECK(contains(fault(presence("<tuple id=''>" + with(open) + "</tuple>")), "without an id"));
  CHECK(contains(
      fault(presence("<tuple id='a'>" + with(open) + "</tuple><tuple id=' a '>" + with(open) + "</tuple>")),
      "same id"));
  CHECK(contains(fault(presence("<tuple id='a'/>")), "without a status"));
  CHECK(contains(fault(presence("<tuple id='a'>" + with(open) + with(open) + "</tuple>")), "second status"));
  CHECK(contains(
      fault(presence("<tuple id='a'><status><basic>open</basic><basic>open</basic></status></tuple>")),
      "second basic"));
  CHECK(contains(fault(tuple("<contact>sip:a@b.c</contact><contact>sip:a@b.c</contact>")), "second contact"));
  CHECK(contains(fault(presence("<dm:device id='d'/>")), "deviceID"));
  CHECK(contains(fault(presence("<dm:device id='d'><dm:deviceID>my phone</dm:deviceID></dm:device>")),
                 "deviceID"));
  CHECK(contains(fault("<presence"), "XML"));
}

TEST_CASE("pidf: a status word that nobody knows says nothing, and costs nothing else [RFC 3863 §4.1.4]") {
  for (const std::string_view word : {"unknown", "away", "", "evil\r\nVia: x"}) {
    CAPTURE(word);
    const auto document = parse(presence("<tuple id='a'><status><basic>" + std::string(word) +
                                         "</basic></status><note>here</note></tuple><note>n</note>"));
    REQUIRE(document.tuples.size() == 1);
    CHECK_FALSE(document.tuples[0].basic.has_value());
    CHECK(document.tuples[0].notes.size() == 1);
    CHECK(document.notes.size() == 1);
    CHECK_FALSE(contains(write(document), "basic"));
  }
}

TEST_CASE("pidf: open and closed are understood in any case of letters") {
  const auto basic_of = [](std::string_view word) {
    return parse(presence("<tuple id='a'><status><basic>" + std::string(word) + "</basic></status></tuple>"))
        .tuples[0]
        .basic;
  };
  CHECK(basic_of("OPEN") == Basic::open);
  CHECK(basic_of("Closed") == Basic::closed);
}

TEST_CASE("pidf: a reason never quotes the document") {
  const auto detail = fault(presence("<tuple id='evil\tVia: x'></tuple>"));
  CHECK_FALSE(contains(detail, "evil"));
  CHECK_FALSE(contains(detail, "\r"));
}

TEST_CASE("pidf: white space around values is forgiven") {
  const auto document =
      parse(presence("<tuple id=\" t \"><status><basic>\n open\n</basic></status><contact priority=' 0.5 "
                     "'>\n sip:a@b.c </contact>"
                     "<timestamp> 2026-01-31T10:00:00Z\n</timestamp></tuple>"));
  CHECK(document.tuples[0].id == "t");
  CHECK(document.tuples[0].basic == Basic::open);
  CHECK(*document.tuples[0].contact == xml::Contact{"sip:a@b.c", "0.5"});
  CHECK(document.tuples[0].timestamp == "2026-01-31T10:00:00Z");
}

TEST_CASE("pidf: children may come in any order, and are written in the order of the schema") {
  const auto written = rewritten(presence(
      "<dm:person id='p'><dm:note>n</dm:note><rpid:mood><rpid:happy/></rpid:mood></dm:person><note>x</note>"
      "<tuple id='t'><timestamp>2026-01-31T10:00:00Z</timestamp><note>y</note><contact>sip:a@b.c</contact>"
      "<rpid:class>c</rpid:class><status><basic>open</basic></status></tuple>"));
  CHECK(contains(written,
                 "<tuple id=\"t\"><status><basic>open</basic></status><rpid:class>c</rpid:class>"
                 "<contact>sip:a@b.c</contact><note>y</note>"));
  CHECK(written.find("<note>x</note>") < written.find("<dm:person"));
}

TEST_CASE("pidf: a priority out of range counts as none [RFC 3863 §4.1.5]") {
  for (const auto* priority : {"0", "0.5", "0.123", "1", "1.000", "1.", "0."}) {
    CAPTURE(priority);
    const auto text = tuple("<contact priority='" + std::string(priority) + "'>sip:a@b.c</contact>");
    CHECK(parse(text).tuples[0].contact->priority == priority);
    rewritten(text);
  }
  for (const auto* priority : {"2", "1.001", "-1", "09", "0.1234", "x", "", "0,5", ".5"}) {
    CAPTURE(priority);
    const auto text = tuple("<contact priority='" + std::string(priority) + "'>sip:a@b.c</contact>");
    CHECK(parse(text).tuples[0].contact->priority.empty());
  }
}

TEST_CASE("pidf: a timestamp that is no date is left out") {
  for (const auto* good : {"2026-02-28T23:59:59Z", "2024-02-29T00:00:00.5+14:00", "2026-01-01T00:00:00"}) {
    CAPTURE(good);
    CHECK(parse(tuple("<timestamp>" + std::string(good) + "</timestamp>")).tuples[0].timestamp == good);
    rewritten(tuple("<timestamp>" + std::string(good) + "</timestamp>"));
  }
  for (const auto* bad : {"2026-02-29T00:00:00Z", "2026-01-31t10:00:00z", "yesterday", "2026-13-01T00:00:00Z",
                          "2026-01-31T24:00:01Z", "2026-01-31T10:00:60Z", "2026-01-31T10:00:00+15:00",
                          "0000-01-01T00:00:00Z", "2026-01-31T10:00:00.Z", "2026-01-31", ""}) {
    CAPTURE(bad);
    CHECK(parse(tuple("<timestamp>" + std::string(bad) + "</timestamp>")).tuples[0].timestamp.empty());
  }
}

TEST_CASE("pidf: a contact that is no URI is left out") {
  for (const auto* bad :
       {"", "alice", "sip:", "sip:a b@c", "sip:a%zz@b.c", ":x", "si p:a@b.c", "sip:a@b\xC3\xA9.c"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse(tuple("<contact>" + std::string(bad) + "</contact>")).tuples[0].contact);
  }
}

TEST_CASE("pidf: each namespace is written with its own prefix, declared once on the root") {
  const auto written = rewritten(
      "<q:presence xmlns:q='urn:ietf:params:xml:ns:pidf' xmlns:rpid='urn:ietf:params:xml:ns:pidf:data-model'"
      " xmlns:dm='urn:ietf:params:xml:ns:pidf:rpid' entity='sip:a@b.c'><q:tuple "
      "id='t'><q:status><q:basic>open"
      "</q:basic></q:status></q:tuple><rpid:person id='p'><dm:activities><dm:on-the-phone></dm:on-the-phone>"
      "</dm:activities></rpid:person></q:presence>");
  CHECK(contains(written,
                 "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\""
                 " xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\""
                 " xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\" entity=\"sip:a@b.c\">"));
  CHECK(contains(written, "<status><basic>open</basic></status>"));
  CHECK(contains(written,
                 "<dm:person id=\"p\"><rpid:activities><rpid:on-the-phone/></rpid:activities></dm:person>"));
  CHECK(written.find("xmlns", written.find("entity")) == std::string::npos);
}

TEST_CASE("pidf: an extension takes the declarations that it needs along") {
  const auto document = parse(
      "<presence xmlns='urn:ietf:params:xml:ns:pidf' xmlns:x='urn:x' xmlns:y='urn:y' xmlns:unused='urn:z'"
      " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' entity='sip:a@b.c'>"
      "<x:a y:b='1'><x:c xmlns:x='urn:other'/><d xmlns=''>t<e/></d></x:a><x:q xsi:type='y:z'/></presence>");
  REQUIRE(document.extensions.size() == 2);
  CHECK(document.extensions[0].text ==
        "<x:a xmlns:ns3=\"urn:other\" xmlns:x=\"urn:x\" xmlns:y=\"urn:y\" y:b=\"1\"><ns3:c/>"
        "<d xmlns=\"\">t<e/></d></x:a>");
  CHECK(document.extensions[1].text ==
        "<x:q xmlns:x=\"urn:x\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:y=\"urn:y\""
        " xsi:type=\"y:z\"/>");
}

TEST_CASE("pidf: an extension in a default namespace of its own keeps it") {
  const auto written =
      rewritten(presence("<a xmlns='urn:x'><b/><presence xmlns='urn:ietf:params:xml:ns:pidf'"
                         " entity='sip:x'/><none xmlns=''><tuple/></none></a>"));
  CHECK(contains(written,
                 "<ns1:a xmlns:ns1=\"urn:x\"><ns1:b/><presence entity=\"sip:x\"/>"
                 "<none xmlns=\"\"><tuple/></none></ns1:a>"));
}

TEST_CASE("pidf: mustUnderstand reaches the watcher [RFC 3863 §4.2.3]") {
  const auto written = rewritten(
      "<i:presence xmlns:i='urn:ietf:params:xml:ns:pidf' xmlns:e='urn:e' entity='sip:a@b.c'><i:tuple id='t'>"
      "<i:status><e:x i:mustUnderstand='1'>v</e:x></i:status></i:tuple></i:presence>");
  CHECK(contains(written,
                 "<e:x xmlns:e=\"urn:e\" xmlns:pidf=\"urn:ietf:params:xml:ns:pidf\""
                 " pidf:mustUnderstand=\"1\">v</e:x>"));
}

TEST_CASE("pidf: unknown elements of PIDF and of no namespace are ignored [RFC 3863 §4.2.3]") {
  const auto written = rewritten(presence(
      "<tuple id='t'><status><basic>open</basic><mood/></status><message/><a xmlns=''/></tuple><extra/>"
      "<dm:person id='p'><dm:unknown/><note/></dm:person>stray text"));
  for (const auto* gone : {"mood", "message", "<a", "extra", "unknown", "stray"}) {
    CAPTURE(gone);
    CHECK_FALSE(contains(written, gone));
  }
}

TEST_CASE("pidf: ids are made NCNames, and unique in the whole document") {
  const auto written =
      rewritten(presence("<tuple id='4 2'><status/><rpid:user-input id='x'>idle</rpid:user-input></tuple>"
                         "<tuple id='x'><status/><rpid:user-input id='x'>idle</rpid:user-input></tuple>"
                         "<tuple id='_4_2'><status/></tuple><tuple id='\xC3\xA9'><status/></tuple>"
                         "<dm:person id='x'><rpid:mood id='x'><rpid:sad/></rpid:mood></dm:person><dm:person/>"
                         "<dm:device><dm:deviceID>urn:x:1</dm:deviceID></dm:device>"));
  for (const auto* id : {"\"_4_2\"", "\"x\"", "\"_4_2-2\"", "\"__\"", "\"x-2\"", "\"person\"", "\"device\"",
                         "\"x-3\"", "\"x-4\"", "\"x-5\""}) {
    CAPTURE(id);
    CHECK(contains(written, std::string("id=") + id));
  }
}

TEST_CASE("pidf: many equal ids are told apart in good time") {
  std::string content = "<tuple id='t'><status/>";
  for (int i = 0; i < 1'000; ++i)
    content += "<rpid:class id='x'/>";
  const auto start = std::chrono::steady_clock::now();
  CHECK(parse(presence(content + "</tuple>")).tuples[0].extensions.size() == 1'000);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}

TEST_CASE("pidf: a note keeps the language that surrounds it [RFC 3863 §4.1.6]") {
  const auto document = parse(
      "<presence xmlns='urn:ietf:params:xml:ns:pidf' xml:lang='de' entity='sip:a@b.c'><tuple id='t'><status/>"
      "<note>weg</note><note xml:lang='fr'>parti</note></tuple><note xml:lang='not a "
      "language'>x</note></presence>");
  CHECK(document.tuples[0].notes == std::vector<xml::Note>{{"weg", "de"}, {"parti", "fr"}});
  CHECK(document.notes[0].language.empty());
}

TEST_CASE("pidf: any character comes through, wherever it stands") {
  const auto written =
      rewritten(tuple("<x:a xmlns:x='urn:x' b='&lt;&quot;&#9;&#10;&#13;&apos;'>&#13;]]&gt;&amp;amp;"
                      "<![CDATA[<&>]]></x:a><note>gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80 &lt;b&gt;</note>"));
  CHECK(contains(written, "b=\"&lt;&quot;&#9;&#10;&#13;'\">&#13;]]&gt;&amp;amp;&lt;&amp;&gt;</x:a>"));
  CHECK(contains(written, "<note>gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80 &lt;b&gt;</note>"));
}

TEST_CASE("pidf: comments, instructions and layout are not passed on, text in pieces is joined") {
  const auto written =
      rewritten(presence("\n <!-- secret --><?x y?>\n<tuple id='t'>\n <status><basic>op<!-- -->en"
                         "</basic></status>\n <x:a xmlns:x='urn:x'>\n <x:b> a <!-- -->b</x:b>\n"
                         "<![CDATA[ ]]></x:a></tuple>"));
  CHECK(contains(written, "<basic>open</basic>"));
  CHECK(contains(written, "<x:a xmlns:x=\"urn:x\"><x:b> a b</x:b></x:a>"));
  CHECK_FALSE(contains(written, "secret"));
}

TEST_CASE("pidf: a long declaration is not multiplied by what uses it") {
  std::string text = "<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b.c' xmlns:a='urn:" +
                     std::string(16'000, 'x') + "'>";
  for (int i = 0; i < 2'000; ++i)
    text += "<a:b/>";
  CHECK(contains(fault(text + "</presence>"), "declarations"));
}

TEST_CASE("pidf: a body past the limits is refused before it is parsed") {
  const auto large = PidfDocument::parse(std::string(10'000'000, ' '), base::Limits());
  REQUIRE_FALSE(large.ok());
  CHECK(large.error().code == base::ErrorCode::too_large);
  base::Limits limits;
  limits.xml_depth = 3;
  CHECK_FALSE(PidfDocument::parse(tuple(""), limits).ok());
  limits.xml_depth = 4;
  CHECK(PidfDocument::parse(tuple(""), limits).ok());
}

TEST_CASE("pidf: what clients are known to send is read [peers: baresip, Linphone, Snom, PJSIP]") {
  rewritten(
      presence("<dm:person id=\"p4159\"><rpid:activities/></dm:person><tuple id=\"t4109\"><status>"
               "<basic>open</basic></status><contact>sip:alice@example.com</contact></tuple>"));
  rewritten(
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\" ?>"
      "<p1:presence xmlns:p1=\"urn:ietf:params:xml:ns:pidf\" entity=\"sip:a@b.c\""
      " xmlns:pidfonline=\"http://www.linphone.org/xsds/pidfonline.xsd\"><p1:tuple id=\"qm2xk\"><p1:status>"
      "<p1:basic>open</p1:basic><pidfonline:online/></p1:status><p1:contact priority=\"0.8\">sip:a@b.c"
      "</p1:contact><p1:timestamp>2026-01-31T10:00:00Z</p1:timestamp></p1:tuple></p1:presence>");
  const auto snom = rewritten(
      "<presence xmlns='urn:ietf:params:xml:ns:pidf' xmlns:im='urn:ietf:params:xml:ns:pidf:im'"
      " entity='pres:alice@example.com'><tuple "
      "id='s1'><status><basic>closed</basic><im:im>Lunch</im:im></status>"
      "</tuple></presence>");
  CHECK(contains(snom, "entity=\"pres:alice@example.com\""));
  CHECK(contains(snom, ">Lunch</im:im>"));
  rewritten(
      presence("<tuple id=\"pj1\"><status><basic>open</basic></status><contact>sip:a@b.c</contact><timestamp>"
               "2026-01-31T10:00:00.123Z</timestamp><note>Away</note></tuple><note>Away</note>"
               "<dm:person id=\"pj2\"><rpid:activities><rpid:away/></rpid:activities><dm:note>Away</dm:note>"
               "</dm:person>"));
}

TEST_CASE("pidf: the prefix that a text begins with keeps its meaning, however the text was put together") {
  const std::string prefix(100, 'p');
  const auto text =
      rewritten(presence("<x:a xmlns:x='urn:x' xmlns:" + prefix + "='urn:q'><x:b>" + prefix +
                         ":<!-- cut --><![CDATA[car]]></x:b><x:c>something else that is long enough"
                         " to take the place of the first text in memory</x:c></x:a>"));
  CHECK(contains(text, "xmlns:" + prefix + "=\"urn:q\""));
  CHECK(contains(text, "<x:b>" + prefix + ":car</x:b>"));
}
