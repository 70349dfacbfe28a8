// SPDX-License-Identifier: Apache-2.0
#include "scene.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/rules/transform.hpp>

using namespace rollcall;
using namespace rollcall::presence::test;
using presence::Origin;
using xml::Basic;

TEST_CASE("compose: who has published nothing is open when registered and closed when not") {
  const auto closed = Scene().document();
  CHECK(closed.entity == "sip:alice@example.com");
  REQUIRE(closed.tuples.size() == 1);
  CHECK(closed.tuples[0].basic == Basic::closed);
  CHECK(closed.tuples[0].contact->uri == "sip:alice@example.com");

  const auto open = Scene().add_registration().add_registration().document();
  REQUIRE(open.tuples.size() == 1);
  CHECK(open.tuples[0].basic == Basic::open);
  CHECK(open.tuples[0].contact->uri == "sip:alice@example.com");
  CHECK(open.tuples[0].id == closed.tuples[0].id);
}

TEST_CASE("compose: what has expired does not count") {
  CHECK(Scene().add_registration(0s).document().tuples[0].basic == Basic::closed);
  Scene scene;
  scene.publish(1, 1min, tuple("t", "open"));
  scene.publications[0].expires = now;
  CHECK(scene.document() == Scene().document());
}

TEST_CASE("compose: the closed document is that of a user who is not there") {
  CHECK(rules::unavailable_document(*sip::Aor::parse("alice@example.com")) == Scene().document());
}

TEST_CASE("compose: who publishes closed stays closed, however many devices register") {
  const auto document = Scene().publish(1, 1min, tuple("t", "closed")).add_registration().document();
  REQUIRE(document.tuples.size() == 1);
  CHECK(document.tuples[0].basic == Basic::closed);
}

TEST_CASE("compose: a publication about the person alone leaves the service to the registrations") {
  const auto document =
      Scene().publish(1, 1min, person("<r:mood><r:happy/></r:mood>")).add_registration().document();
  REQUIRE(document.tuples.size() == 1);
  CHECK(document.tuples[0].basic == Basic::open);
  CHECK(document.persons.size() == 1);
}

TEST_CASE("compose: devices that publish the same ids each have a tuple of their own") {
  const auto baresip = tuple("t4109", "open") + "<dm:person id=\"p4159\"><r:activities/></dm:person>";
  const auto document = Scene().publish(1, 2min, baresip).publish(2, 1min, baresip).document();
  REQUIRE(document.tuples.size() == 2);
  CHECK(document.tuples[0].id != document.tuples[1].id);
  CHECK(document.persons.size() == 1);
}

TEST_CASE("compose: a device keeps its tuple id over refreshes, modifications and other devices") {
  const auto before = Scene().publish(1, 2min, tuple("t", "open")).document().tuples[0].id;
  Scene later;
  later.publish(1, 1min, tuple("t", "closed", "<note>x</note>"));
  later.publications[0].entity_tag = "another";
  later.publish(2, 0s, tuple("t", "open"));
  const auto document = later.document();
  CHECK(std::any_of(document.tuples.begin(), document.tuples.end(),
                    [&](const xml::Tuple& t) { return t.id == before && t.basic == Basic::closed; }));
}

TEST_CASE(
    "compose: the one tuple of a publication keeps its id when the client changes it [peers: Linphone]") {
  const auto before = Scene().publish(1, 2min, tuple("a1", "open")).document().tuples[0].id;
  CHECK(Scene().publish(1, 1min, tuple("b2", "closed")).document().tuples[0].id == before);
  // Of several the id is all that tells them apart.
  const auto several = Scene().publish(1, 1min, tuple("a1", "open") + tuple("b2", "open")).document();
  REQUIRE(several.tuples.size() == 2);
  CHECK(several.tuples[0].id.starts_with("a1-"));
  CHECK(several.tuples[1].id.starts_with("b2-"));
}

TEST_CASE("compose: a device that lost its entity-tag and publishes anew is shown once, as it is now") {
  const auto document = Scene()
                            .publish(1, 2min, tuple("t", "open"), "urn:uuid:1")
                            .publish(2, 1min, tuple("t", "closed"), "urn:uuid:1")
                            .document();
  REQUIRE(document.tuples.size() == 1);
  CHECK(document.tuples[0].basic == Basic::closed);
  CHECK(document.tuples[0].id ==
        Scene().publish(7, 0s, tuple("t", "open"), "urn:uuid:1").document().tuples[0].id);
}

TEST_CASE("compose: entity and contact are the presentity's own, whatever was published") {
  for (const auto* contact : {"sip:alice@192.168.1.5:5062;transport=tcp", "sip:bob@example.com",
                              "im:alice@example.com", "pres:alice@example.com", "sip:alice@example.com:5070",
                              "sip:bob@example.com;gr=1", "SIP:mallory@evil.example", "nonsense"}) {
    CAPTURE(contact);
    const auto document =
        Scene()
            .publish(1, 0s,
                     tuple("t", "open", "<contact priority=\"0.5\">" + std::string(contact) + "</contact>"))
            .document();
    CHECK(document.entity == "sip:alice@example.com");
    REQUIRE(document.tuples.size() == 1);
    CHECK(document.tuples[0].contact->uri == "sip:alice@example.com");
  }
  CHECK(Scene().publish(1, 0s, tuple("t", "open")).document().tuples[0].contact->uri ==
        "sip:alice@example.com");
}

TEST_CASE("compose: a published GRUU of the presentity stays [RFC 5627 §3.1]") {
  const auto document =
      Scene()
          .publish(
              1, 0s,
              tuple("t", "open", "<contact priority=\"0.5\">sip:alice@example.com;gr=urn:uuid:1</contact>"))
          .document();
  CHECK(*document.tuples[0].contact == xml::Contact{"sip:alice@example.com;gr=urn:uuid:1", "0.5"});
}

TEST_CASE("compose: another service keeps its address, and does not speak for the SIP address") {
  const auto document =
      Scene().publish(1, 0s, tuple("t", "open", "<contact>mailto:alice@example.com</contact>")).document();
  REQUIRE(document.tuples.size() == 2);
  CHECK(document.tuples[0].basic == Basic::closed);
  CHECK(document.tuples[0].contact->uri == "sip:alice@example.com");
  CHECK(document.tuples[1].contact->uri == "mailto:alice@example.com");
}

TEST_CASE("compose: an alternate contact is not taken for the presentity [RFC 4480 §3.9]") {
  const auto document =
      Scene()
          .publish(
              1, 0s,
              tuple("a", "closed",
                    "<r:relationship><r:assistant/></r:relationship><contact>im:bob@example.com</contact>") +
                  tuple("b", "open",
                        "<r:relationship><r:self/></r:relationship><contact>im:x@example.com</contact>"))
          .document();
  REQUIRE(document.tuples.size() == 2);
  CHECK(document.tuples[0].contact->uri == "sip:alice@example.com");
  CHECK(document.tuples[1].contact->uri == "im:bob@example.com");
}

TEST_CASE("compose: every tuple says open or closed") {
  const auto* published = "<tuple id=\"t\"><status><im:im xmlns:im=\"urn:im\">busy</im:im></status></tuple>";
  CHECK(Scene().publish(1, 0s, published).document().tuples[0].basic == Basic::closed);
  const auto document = Scene().publish(1, 0s, published).add_registration().document();
  CHECK(document.tuples[0].basic == Basic::open);
  CHECK(document.tuples[0].status.size() == 1);
}

TEST_CASE("compose: a tuple that does not say it follows what another publication says") {
  // A client that lost the entity-tag of its first publication, which said nothing yet, and then closed.
  Scene scene;
  scene.publish(1, 1min, tuple("t", "unknown")).publish(2, 0s, tuple("t", "closed")).add_registration();
  const auto document = scene.document();
  REQUIRE(document.tuples.size() == 2);
  CHECK(document.tuples[0].basic == Basic::closed);
  CHECK(document.tuples[1].basic == Basic::closed);
  // Not what is said of somebody else, or of another service.
  Scene other;
  other.publish(1, 0s, tuple("t", "unknown") + tuple("m", "closed", "<contact>mailto:a@b.c</contact>"));
  CHECK(other.add_registration().document().tuples[0].basic == Basic::open);
}

TEST_CASE("compose: every published tuple has a timestamp [RFC 3863 §4.1.7]") {
  CHECK(Scene().publish(1, 0s, tuple("t", "open")).document().tuples[0].timestamp == base::to_rfc3339(now));
  const auto* own = "<timestamp>2020-01-01T00:00:00Z</timestamp>";
  CHECK(Scene().publish(1, 0s, tuple("t", "open", own)).document().tuples[0].timestamp ==
        "2020-01-01T00:00:00Z");
}

TEST_CASE("compose: open tuples come first, then the newest") {
  const auto document = Scene()
                            .publish(1, 3min, tuple("t", "open", "<note>old</note>"))
                            .publish(2, 1min, tuple("t", "closed", "<note>shut</note>"))
                            .publish(3, 2min, tuple("t", "open", "<note>new</note>"))
                            .document();
  REQUIRE(document.tuples.size() == 3);
  CHECK(document.tuples[0].notes[0].text == "new");
  CHECK(document.tuples[1].notes[0].text == "old");
  CHECK(document.tuples[2].notes[0].text == "shut");
}

TEST_CASE("compose: one person, element by element the newest publication that has it [RFC 4479 §3.2]") {
  const auto text =
      Scene()
          .publish(
              1, 3min,
              tuple("t", "open") + person("<r:activities><r:away/></r:activities><r:mood><r:sad/></r:mood>"
                                          "<dm:note>of the status that is not shown</dm:note>"))
          .publish(2, 1min,
                   tuple("t", "open") +
                       person("<r:activities><r:busy/></r:activities><r:activities><r:tv/></r:activities>"))
          .publish(3, 2min,
                   person("<r:place-type><r:other>sea</r:other></r:place-type><r:mood><r:happy/></r:mood>"))
          .text();
  CHECK(text.find("<dm:person") == text.rfind("<dm:person"));
  CHECK(contains(
      text, "<rpid:activities><rpid:busy/></rpid:activities><rpid:activities><rpid:tv/></rpid:activities>"));
  CHECK_FALSE(contains(text, "<rpid:away/>"));
  CHECK(contains(text, "<rpid:happy/>"));
  CHECK_FALSE(contains(text, "<rpid:sad/>"));
  CHECK(contains(text, "<rpid:other>sea</rpid:other>"));
  CHECK_FALSE(contains(text, "<dm:note>"));
}

TEST_CASE("compose: of each device the newest report [RFC 4479 §3.4]") {
  const auto document = Scene()
                            .publish(1, 3min, device("urn:x:1", "<r:user-input>idle</r:user-input>"))
                            .publish(2, 1min, device("urn:x:1", "<r:user-input>active</r:user-input>"))
                            .publish(3, 2min, device("urn:x:2", ""))
                            .document();
  REQUIRE(document.devices.size() == 2);
  CHECK(document.devices[0].device_id == "urn:x:1");
  CHECK(contains(document.devices[0].elements[0].text, "active"));
  CHECK(document.devices[0].id != document.devices[1].id);
}

TEST_CASE("compose: notes and extensions of the document come from the newest that has them") {
  const auto document =
      Scene()
          .publish(1, 3min, tuple("t", "open") + "<note>a</note><note>b</note><x:e xmlns:x=\"urn:x\">1</x:e>")
          .publish(2, 1min, tuple("t", "open") + "<x:e xmlns:x=\"urn:x\">2</x:e><x:f xmlns:x=\"urn:x\"/>")
          .publish(3, 2min, tuple("t", "open") + "<note>c</note>")
          .document();
  CHECK(document.notes == std::vector<xml::Note>{{"c", ""}});
  REQUIRE(document.extensions.size() == 2);
  CHECK(contains(document.extensions[0].text, ">2<"));
}

TEST_CASE("compose: ids within extensions do not collide") {
  const auto content = tuple("t", "open", "<r:user-input id=\"u\">idle</r:user-input>") +
                       person("<r:activities id=\"u2\"><r:busy/></r:activities>");
  const auto text = Scene().publish(1, 2min, content).publish(2, 1min, content).text();
  CHECK(contains(text, "<rpid:user-input id=\"u-"));
}

TEST_CASE("compose: says where each part came from") {
  const auto origins = Scene()
                           .publish(1, 2min, person("<r:mood><r:sad/></r:mood>"))
                           .publish(2, 1min, device("urn:x:1", ""))
                           .add_registration()
                           .compose()
                           .origins;
  CHECK(origins == std::vector<Origin>{{Origin::Part::service, "address", Origin::Input::registrations, 0},
                                       {Origin::Part::person, "mood", Origin::Input::publication, 0},
                                       {Origin::Part::device, "urn:x:1", Origin::Input::publication, 1}});
}

TEST_CASE("compose: the order of the inputs does not matter") {
  Scene scene;
  scene.publish(1, 2min, tuple("t", "open") + person("<r:mood><r:sad/></r:mood>"))
      .publish(2, 2min, tuple("t", "open") + person("<r:mood><r:happy/></r:mood>"))
      .publish(3, 1min, tuple("t", "closed"));
  const auto text = scene.text();
  std::reverse(scene.publications.begin(), scene.publications.end());
  CHECK(scene.text() == text);
}

TEST_CASE("compose: clients that search the text find what they look for [peers: baresip]") {
  const auto text =
      Scene()
          .publish(1, 0s, tuple("t4109", "open") + person("<r:activities><r:on-the-phone/></r:activities>"))
          .text();
  CHECK(contains(text, "<basic>open</basic>"));
  CHECK(contains(text, "<rpid:on-the-phone/>"));
  CHECK(contains(text, "<contact>sip:alice@example.com</contact>"));
}

TEST_CASE("compose: an address with odd characters makes a valid document") {
  for (const auto* aor :
       {"a&b@example.com", "o'neil@example.com", "a b<c>\"@example.com", "\xC3\xA9@example.com"}) {
    CAPTURE(aor);
    CHECK(Scene(aor).document().tuples.size() == 1);
  }
}

TEST_CASE("compose: random publications always make a valid document") {
  const std::vector<std::string> parts = {
      tuple("t", "open"),
      tuple("t", "closed", "<r:user-input id=\"c\">idle</r:user-input>"),
      tuple("1 2", "open",
            "<dm:deviceID>urn:x:1</dm:deviceID><contact priority=\"7\">sip:alice@1.2.3.4</contact>"),
      tuple("u", "open", "<note xml:lang=\"en\">a &lt; b</note><timestamp>bad</timestamp>"),
      tuple("v", "open", "<r:relationship><r:friend/></r:relationship><contact>tel:+123</contact>"),
      "<tuple id=\"w\"><status><x:y xmlns:x=\"urn:x\" id=\"t\"/></status></tuple>",
      person("<r:activities id=\"t\"><r:busy/></r:activities>"),
      person("<r:mood id=\"t\"><r:sad/></r:mood><dm:note>n</dm:note>"),
      person("<r:activities/><r:time-offset>60</r:time-offset>"),
      "<dm:person/>",
      device("urn:x:1", "<r:user-input id=\"t\">idle</r:user-input>"),
      device("urn:x:2", ""),
      "<note>n</note>",
      "<x:z xmlns:x=\"urn:x\"><r:user-input id=\"t\">active</r:user-input></x:z>",
      "<unknown/>",
  };
  std::mt19937 random(20260731);
  const auto below = [&](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  };
  for (int round = 0; round < 400; ++round) {
    Scene scene;
    if (below(2) == 1) scene.add_registration();
    for (std::uint64_t id = 1, end = below(5); id <= end; ++id) {
      std::string content;
      std::vector<bool> used(parts.size());
      for (std::size_t i = 0, count = below(7); i < count; ++i) {
        const auto part = below(parts.size());
        if (used[part] || (part < 2 && used[1 - part])) continue;
        used[part] = true;
        content += parts[part];
      }
      scene.publish(id, std::chrono::seconds(below(3)), content, below(2) == 1 ? "urn:uuid:1" : "");
    }
    const auto document = scene.document();
    CHECK(document.persons.size() <= 1);
    CHECK(std::all_of(document.tuples.begin(), document.tuples.end(),
                      [](const auto& t) { return t.basic.has_value(); }));
  }
}
