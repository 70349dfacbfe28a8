// SPDX-License-Identifier: Apache-2.0
// What watchers are shown of a presentity: one document out of all that is known (RFC 4479 §4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/sip/uri.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::presence {

/// A publication as the composer sees it. Everything is borrowed for the call.
struct PublicationInput {
  std::uint64_t id = 0;         // the same over refreshes and modifications, which the entity-tag is not
  std::string_view entity_tag;  // the current one; shown with what came from here, else unused
  std::string_view device;      // the +sip.instance of who published, "" when not known
  const xml::PidfDocument* document = nullptr;  // never null when composing
  base::Instant published;                      // when this document came; a refresh does not change it
  base::Instant expires;
};

/// A binding of the presentity as the composer sees it.
struct RegistrationInput {
  std::string_view device;      // +sip.instance, else the contact
  std::string_view user_agent;  // what the device calls itself, "" when it does not
  double q = 1.0;               // RFC 3261 §20.10
  base::Instant expires;
};

/// All that a composition depends on. Equal inputs give equal documents, byte for byte.
struct CompositionInput {
  const sip::Aor* presentity = nullptr;              // never null when composing
  std::span<const PublicationInput> publications;    // in any order; expired ones are passed over
  std::span<const RegistrationInput> registrations;  // in any order; expired ones are passed over
  base::Instant now;
};

/// Where a part of the composed document came from.
struct Origin {
  enum class Part : std::uint8_t { service, person, device, note, extension };
  enum class Input : std::uint8_t { publication, registrations };

  Part part = Part::service;
  std::string name;  // tuple id, deviceID, or name of the element
  Input input = Input::publication;
  std::size_t index = 0;  // of the publication in the input

  friend bool operator==(const Origin&, const Origin&) = default;
};

struct Composition {
  xml::PidfDocument document;
  std::vector<Origin> origins;
};

/// Makes the one document that a presentity's watchers are shown. xml::write() makes it bytes.
///
/// - entity is "sip:user@domain", always.
/// - Services: every published tuple stands, open ones first, newest publication first. Two
///   publications of one device with the same tuple id are one service: the newest counts. A tuple
///   id is made of the publisher (device, else publication) and the published id, so it neither
///   collides with another device's nor changes while a publication is refreshed or modified.
/// - A tuple's contact is the presentity's own URI: what was published is kept only if it is a GRUU
///   of it, or no SIP, IM or pres address (tel:, mailto: are other services, and their status must
///   not pass for that of the SIP address), or declared to be somebody else's (RFC 4480 §3.9:
///   a relationship other than self). Such tuples come last.
/// - Nothing published about the presentity's own address: one tuple out of the registrations, open
///   when registered and closed when not. Somebody who publishes closed stays closed, however many
///   devices register.
/// - Each tuple has a <basic>: one that was published without says what the newest publication does that
///   has one, and when there is none it is as open as the registrations.
/// - Person: one at most; element by element the newest publication that has it. Devices: one for
///   each deviceID, the newest. Notes and other elements of the document: as for the person.
///
/// Pure: no clock, no randomness. Any thread.
Composition compose(const CompositionInput& input);

/// What somebody is shown who may not know more: closed, and nothing else. The same document as for
/// a user who is not registered and has published nothing, so that a polite refusal cannot be told.
xml::PidfDocument closed_document(const sip::Aor& presentity);

}  // namespace rollcall::presence
