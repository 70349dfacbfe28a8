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
#include <rollcall/presence/status.hpp>
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

/// What the user wants to be shown when no device speaks (RFC 4827): the document pidf-manipulation/index.
struct HardStateInput {
  const xml::PidfDocument* document = nullptr;  // null: the user keeps none
  base::Instant updated{};
};

/// The status that an administrator set.
struct AdministratorInput {
  const xml::PidfDocument* document = nullptr;  // null: none is set
  base::Instant set{};
  base::Instant expires{};
};

/// Calls of the presentity: those that pass through the server, and those that its devices publish.
struct CallsInput {
  std::size_t confirmed = 0;  // dialogs that somebody has answered
  base::Instant since{};      // when the newest of them was
};

/// All that a composition depends on. Equal inputs give equal documents, byte for byte.
struct CompositionInput {
  const sip::Aor* presentity = nullptr;              // never null when composing
  std::span<const PublicationInput> publications;    // in any order; expired ones are passed over
  std::span<const RegistrationInput> registrations;  // in any order; expired ones are passed over
  base::Instant now{};
  HardStateInput hard_state{};
  AdministratorInput administrator{};
  CallsInput calls{};
  CompositionPolicy policy{};
  bool explain = false;  // fill in `origins` and `considered`, which composing for watchers has no use for
};

/// Where a part of the composed document came from.
struct Origin {
  enum class Part : std::uint8_t { service, person, device, note, extension };
  using Input = presence::Input;

  Part part = Part::service;
  std::string name;  // tuple id, deviceID, or name of the element
  Input input = Input::publication;
  std::size_t index = 0;  // of the publication in the input

  friend bool operator==(const Origin&, const Origin&) = default;
};

/// What became of one input.
struct Considered {
  Input input = Input::publication;
  std::size_t index = 0;  // of the publication in the input
  Status status = Status::available;
  bool by_hand = false;  // somebody chose it; else a device or the server noticed it
  bool shown = false;    // it is the status that watchers see
  std::string why;       // it is not; for a person

  friend bool operator==(const Considered&, const Considered&) = default;
};

struct Composition {
  xml::PidfDocument document;
  Status status = Status::offline;
  std::vector<Origin> origins;         // with `explain` only, as the next
  std::vector<Considered> considered;  // each input once
};

/// Makes the one document that a presentity's watchers are shown. xml::write() makes it bytes.
///
/// What counts. A publication or registration counts until `hysteresis` after its expiry, unless the same
/// device has published anew. Hard state counts alone; beside publications only what no device can say
/// stays of it: other services than SIP, and contact information (RFC 4482).
///
/// The status. Each input has one (compose_status.hpp has the tables), and one of them is shown: an
/// administrator's while there is one, else the one that `policy` chooses. Of the publications of one
/// device only the newest has a say. Nobody is idle who is active at another device. Only the activities of
/// the status that is shown are in the document, and no note that came with another one.
///
/// The document.
/// - entity is "sip:user@domain", always.
/// - Services: every published tuple stands, open ones first, newest publication first. Two tuples of one
///   publisher with the same id are one service, and so are those of publications with one tuple and the
///   same contact, whose id clients like to change each time: the newest counts. An id is made of
///   publisher and service, so it neither collides nor changes.
/// - A tuple's contact is the presentity's own URI: what was published is kept only if it is a GRUU
///   of it, or no SIP, IM or pres address (tel:, mailto: are other services, and their status must
///   not pass for that of the SIP address), or declared to be somebody else's (RFC 4480 §3.9:
///   a relationship other than self). Such tuples come last.
/// - Nothing published about the presentity's own address: one tuple out of the registrations, open
///   when registered and closed when not. Somebody who publishes closed stays closed, however many
///   devices register. An administrator's status closes the address or opens it.
/// - Each tuple has a <basic>: one that was published without says what the newest publication does that
///   has one, and when there is none it is as open as the registrations.
/// - Person: one at most; element by element the newest publication that has it. Devices: one for each
///   deviceID, element by element too. Notes and other elements of the document: as for the person.
/// - Activities stand in the person alone (RFC 4480 §3.1 table 1), wherever they were published. What RPID
///   says with from and until is left out when that is not now; a <timed-status> is left out when it is
///   now, as the status beside it says what is (RFC 4481 §3).
///
/// Pure: no clock, no randomness. Any thread.
Composition compose(const CompositionInput& input);

}  // namespace rollcall::presence
