// SPDX-License-Identifier: Apache-2.0
// The small documents: messages that wait, registrations, changes of XCAP documents.
#include "support/schema.hpp"

#include <string>
#include <vector>

#include <rollcall/bodies/message_summary.hpp>
#include <rollcall/bodies/reginfo.hpp>
#include <rollcall/bodies/xcap_diff.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using bodies::ContactEvent;
using bodies::ContactInfo;
using bodies::Coverage;
using bodies::MessageClass;
using bodies::MessageLine;
using bodies::RegistrationInfo;
using bodies::RegistrationState;

namespace {

std::string registrations(std::uint32_t version, Coverage coverage,
                          const std::vector<RegistrationInfo>& registrations) {
  static tests::Schema schema("driver-reginfo.xsd");
  auto text = write_reginfo(version, coverage, registrations);
  CAPTURE(text);
  CHECK(schema.faults(text) == "");
  return text;
}

std::string changes(const std::vector<bodies::DocumentChange>& documents,
                    const std::vector<bodies::ComponentState>& components = {}) {
  static tests::Schema schema("xcap-diff.xsd");
  auto text = bodies::write_xcap_diff("http://xcap.example.com/", documents, components);
  CAPTURE(text);
  CHECK(schema.faults(text) == "");
  return text;
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("message-summary: the body of the RFC is written [RFC 3842 §3.5, §5.2]") {
  CHECK(bodies::write_message_summary(
            true, "sip:alice@vmail.example.com",
            std::vector<MessageLine>{{MessageClass::voice, {4, 8}, bodies::MessageCount{1, 2}}}) ==
        "Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\nVoice-Message: 4/8 "
        "(1/2)\r\n");
  CHECK(bodies::write_message_summary(false, "", {}) == "Messages-Waiting: no\r\n");
  CHECK(bodies::write_message_summary(true, "",
                                      std::vector<MessageLine>{{MessageClass::text, {4'294'967'295U, 0}, {}},
                                                               {MessageClass::multimedia, {0, 1}, {}}}) ==
        "Messages-Waiting: yes\r\nText-Message: 4294967295/0\r\nMultimedia-Message: 0/1\r\n");
}

TEST_CASE("message-summary: an account cannot bring lines of its own") {
  CHECK(bodies::write_message_summary(true, "sip:a@b.c\r\nVoice-Message: 9/9", {}) ==
        "Messages-Waiting: yes\r\n");
}

TEST_CASE("reginfo: the document of the RFC is written [RFC 3680 §5.3]") {
  ContactInfo home;
  home.id = "76";
  home.uri = "sip:user@pc887.example.com";
  home.event = ContactEvent::registered;
  home.duration_registered = 7'322;
  home.q = "0.8";
  ContactInfo work;
  work.id = "77";
  work.uri = "sip:user@university.edu";
  work.event = ContactEvent::expired;
  work.duration_registered = 3'600;
  work.q = "0.5";
  const auto text = registrations(0, Coverage::full,
                                  {{"sip:user@example.com", "as9", RegistrationState::active, {home, work}}});
  CHECK(contains(text, "version=\"0\" state=\"full\""));
  CHECK(contains(text, "<registration aor=\"sip:user@example.com\" id=\"as9\" state=\"active\">"));
  CHECK(contains(text,
                 "<contact id=\"76\" state=\"active\" event=\"registered\" duration-registered=\"7322\""
                 " q=\"0.8\"><uri>sip:user@pc887.example.com</uri></contact>"));
  CHECK(contains(text,
                 "<contact id=\"77\" state=\"terminated\" event=\"expired\" duration-registered=\"3600\""
                 " q=\"0.5\"><uri>sip:user@university.edu</uri></contact>"));
}

TEST_CASE("reginfo: nobody registered, and what a contact can have [RFC 3680 §5.1]") {
  CHECK(
      contains(registrations(0, Coverage::full, {{"sip:joe@example.com", "a7", RegistrationState::init, {}}}),
               "<registration aor=\"sip:joe@example.com\" id=\"a7\" state=\"init\"/>"));
  ContactInfo one;
  one.id = "1";
  one.uri = "sip:a@b.c;transport=tcp?x=<&>";
  one.uri = "sip:a@192.0.2.1;transport=tcp";
  one.call_id = "c\"<&>@h";
  one.cseq = 4'294'967'295U;
  one.expires = 0;
  one.retry_after = 60;
  one.display_name = "A <b>";
  one.unknown_params = {{"+sip.instance", "\"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>\""},
                        {"audio", ""}};
  for (int event = 0; event <= 8; ++event) {
    one.event = static_cast<ContactEvent>(event);
    const auto text = registrations(1, Coverage::partial,
                                    {{"sip:joe@example.com", "a7", RegistrationState::terminated, {one}}});
    const bool ended = event >= 4;
    CHECK(contains(text,
                   ended ? "<contact id=\"1\" state=\"terminated\"" : "<contact id=\"1\" state=\"active\""));
    CHECK(contains(text, "<unknown-param name=\"audio\"/>"));
  }
}

TEST_CASE("reginfo: GRUUs stand in the contact, in their own namespace [RFC 5628 §5, §7]") {
  ContactInfo one;
  one.id = "92";
  one.uri = "sip:ua.example.com";
  one.pub_gruu = "sip:user_aor_1@example.net;gr=hha9s8d-999a";
  one.temp_gruu = bodies::TempGruu{"sip:8ffkas08af7fasklzi9@example.net;gr", 54'301};
  const auto text = registrations(1, Coverage::full,
                                  {{"sip:user_aor_1@example.net", "a7", RegistrationState::active, {one}}});
  CHECK(contains(text,
                 "<pub-gruu xmlns=\"urn:ietf:params:xml:ns:gruuinfo\""
                 " uri=\"sip:user_aor_1@example.net;gr=hha9s8d-999a\"/>"));
  CHECK(contains(text, "uri=\"sip:8ffkas08af7fasklzi9@example.net;gr\" first-cseq=\"54301\"/>"));
}

TEST_CASE("xcap-diff: what happened to a document shows in its entity-tags [RFC 5874 §3, Figure 1]") {
  const std::string sel = "tests/users/sip:joe@example.com/another_document";
  CHECK(contains(changes({{sel, "", "terteer"}}),
                 "<document sel=\"tests/users/sip:joe@example.com/another_document\""
                 " new-etag=\"terteer\"/>"));
  CHECK(contains(changes({{sel, "terteer", "huwiias"}}), "previous-etag=\"terteer\" new-etag=\"huwiias\"/>"));
  CHECK(contains(changes({{sel, "huwiias", ""}}), "previous-etag=\"huwiias\"/>"));
  CHECK(contains(changes({{sel, "a", "b", true}}), "new-etag=\"b\"><body-not-changed/></document>"));
  CHECK_FALSE(contains(changes({{sel, "", "b", true}}), "body-not-changed"));
  CHECK_FALSE(contains(changes({{sel, "", ""}}), "<document"));
  CHECK(contains(changes({}),
                 "<xcap-diff xmlns=\"urn:ietf:params:xml:ns:xcap-diff\""
                 " xcap-root=\"http://xcap.example.com/\"/>"));
}

TEST_CASE("xcap-diff: an element stands in it as in its own document, with its namespaces [RFC 5874 §3]") {
  using Kind = bodies::ComponentState::Kind;
  const std::string entry = "<entry uri='sip:a@b.c'><d:x/></entry>";
  const auto text = changes({}, {{Kind::element, "a/~~/b", true, entry, {{"", "urn:l"}, {"d", "urn:d"}}}});
  CHECK(contains(text,
                 "<dd:element xmlns:dd=\"urn:ietf:params:xml:ns:xcap-diff\" xmlns=\"urn:l\" "
                 "xmlns:d=\"urn:d\" sel=\"a/~~/b\"><entry uri='sip:a@b.c'><d:x/></entry></dd:element>"));
  // What is in no namespace must not come into ours.
  const auto bare = changes({}, {{Kind::element, "a/~~/b", true, "<b/>", {}}});
  CHECK(contains(bare, "xmlns=\"\" sel=\"a/~~/b\"><b/></d:element>"));
  CHECK(contains(changes({}, {{Kind::element, "a/~~/b"}}), "<element sel=\"a/~~/b\"/>"));
}

TEST_CASE("xcap-diff: an attribute is its value, and what is gone says so [RFC 5874 §3]") {
  using Kind = bodies::ComponentState::Kind;
  const auto text = changes({}, {{Kind::attribute, "a/~~/b/@c", true, "1 < 2 & \"3\""},
                                 {Kind::attribute, "a/~~/b/@d", true, ""},
                                 {Kind::attribute, "a/~~/b/@e", false, "was"},
                                 {Kind::element, "a/~~/b", false, "<was/>"}});
  CHECK(contains(text, "<attribute sel=\"a/~~/b/@c\">1 &lt; 2 &amp; \"3\"</attribute>"));
  CHECK(contains(text, "<attribute sel=\"a/~~/b/@d\"/>"));
  CHECK(contains(text, "<attribute sel=\"a/~~/b/@e\" exists=\"0\"/>"));
  CHECK(contains(text, "<element sel=\"a/~~/b\" exists=\"0\"/>"));
}

TEST_CASE("xcap-diff: entity-tags and paths are escaped") {
  const auto text = changes({{"a/users/sip:%22x%22@b.c/index", "\"<1>\"", "\"&2\""}});
  CHECK(contains(text, "previous-etag=\"&quot;&lt;1&gt;&quot;\" new-etag=\"&quot;&amp;2&quot;\""));
}
