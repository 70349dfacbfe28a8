// SPDX-License-Identifier: Apache-2.0
// A presentity, and everything that its document is made of.
#pragma once

#include "support/presence_schema.hpp"

#include <chrono>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/presence/compose.hpp>

#include <doctest/doctest.h>

namespace rollcall::presence::test {

using namespace std::chrono_literals;

inline const base::Instant now{std::chrono::seconds(1'800'000'000)};

class Scene {
 public:
  explicit Scene(std::string_view aor = "alice@example.com") : presentity_(*sip::Aor::parse(aor)) {
    input.presentity = &presentity_;
    input.now = now;
    input.explain = true;
  }

  Scene& publish(std::uint64_t id, base::Duration age, std::string_view content,
                 std::string_view device = {}) {
    PublicationInput publication;
    publication.id = id;
    publication.device = device;
    publication.document = &keep(content);
    publication.published = now - age;
    publication.expires = now + 10min;
    publications.push_back(publication);
    return *this;
  }

  Scene& add_registration(base::Duration left = 1h) {
    RegistrationInput registration;
    registration.device = "urn:uuid:1";
    registration.user_agent = "Phone/1.0";
    registration.expires = now + left;
    registrations.push_back(registration);
    return *this;
  }

  Scene& keep_hard_state(std::string_view content) {
    input.hard_state = {&keep(content), now - 24h};
    return *this;
  }

  Scene& set_by_administrator(std::string_view content, base::Duration left = 1h) {
    input.administrator = {&keep(content), now - 1min, now + left};
    return *this;
  }

  Composition compose() {
    input.publications = publications;
    input.registrations = registrations;
    auto composition = presence::compose(input);
    const auto written = write(composition.document);
    CAPTURE(written);
    if (published_is_valid) CHECK(tests::PresenceSchema::instance().faults(written) == "");
    return composition;
  }

  xml::PidfDocument document() { return compose().document; }
  std::string text() { return write(document()); }
  std::string_view status() { return word_of(compose().status); }

  std::vector<PublicationInput> publications;
  std::vector<RegistrationInput> registrations;
  CompositionInput input;
  bool published_is_valid = true;  // by the schemas, so that what is composed must be too

 private:
  const xml::PidfDocument& keep(std::string_view content) {
    const auto text =
        "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\""
        " xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\""
        " xmlns:ci=\"urn:ietf:params:xml:ns:pidf:cipid\""
        " xmlns:ts=\"urn:ietf:params:xml:ns:pidf:timed-status\""
        " xmlns:caps=\"urn:ietf:params:xml:ns:pidf:caps\""
        " xmlns:r=\"urn:ietf:params:xml:ns:pidf:rpid\" entity=\"pres:other@example.com\">" +
        std::string(content) + "</presence>";
    auto document = xml::PidfDocument::parse(text, base::Limits());
    CAPTURE(text);
    REQUIRE(document.ok());
    return documents_.emplace_back(*document);
  }

  sip::Aor presentity_;
  std::list<xml::PidfDocument> documents_;
};

inline std::string tuple(std::string_view id, std::string_view basic, std::string_view rest = {}) {
  return "<tuple id=\"" + std::string(id) + "\"><status><basic>" + std::string(basic) + "</basic></status>" +
         std::string(rest) + "</tuple>";
}

inline std::string person(std::string_view content) {
  return "<dm:person id=\"p\">" + std::string(content) + "</dm:person>";
}

inline std::string device(std::string_view device_id, std::string_view content) {
  return "<dm:device id=\"d\">" + std::string(content) + "<dm:deviceID>" + std::string(device_id) +
         "</dm:deviceID></dm:device>";
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace rollcall::presence::test
