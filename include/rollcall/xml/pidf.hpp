// SPDX-License-Identifier: Apache-2.0
// Presence documents: PIDF (RFC 3863) with the data model (RFC 4479); all else passed through.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/xml/fragment.hpp>

namespace rollcall::xml {

inline constexpr std::string_view pidf_media_type = "application/pidf+xml";

/// Availability of one service (RFC 3863 §4.1.4).
enum class Basic : std::uint8_t { closed, open };

/// A line for people (RFC 3863 §4.1.6).
struct Note {
  std::string text;
  std::string language;  // xml:lang, its own or that of an element around it; "" for none

  friend bool operator==(const Note&, const Note&) = default;
};

/// How the service is reached (RFC 3863 §4.1.5).
struct Contact {
  std::string uri;       // without white space around it; otherwise as published
  std::string priority;  // "0" to "1" with at most three decimals; "" for none

  friend bool operator==(const Contact&, const Contact&) = default;
};

/// A service of the presentity (RFC 3863 §4.1.2, RFC 4479 §3.3).
struct Tuple {
  std::string id;
  std::optional<Basic> basic;        // a status need not say
  std::vector<Fragment> status;      // what stands beside <basic> in <status>
  std::vector<Fragment> extensions;  // children of <tuple> from other namespaces
  std::optional<Contact> contact;
  std::vector<Note> notes;
  std::string timestamp;  // a valid xs:dateTime, or ""

  friend bool operator==(const Tuple&, const Tuple&) = default;
};

/// The human (RFC 4479 §3.2): activities, mood, place ... as fragments.
struct Person {
  std::string id;
  std::vector<Fragment> elements;
  std::vector<Note> notes;
  std::string timestamp;  // a valid xs:dateTime, or ""

  friend bool operator==(const Person&, const Person&) = default;
};

/// A thing that the human uses (RFC 4479 §3.4).
struct Device {
  std::string id;
  std::string device_id;  // <deviceID>, a URN
  std::vector<Fragment> elements;
  std::vector<Note> notes;
  std::string timestamp;  // a valid xs:dateTime, or ""

  friend bool operator==(const Device&, const Device&) = default;
};

/// A presence document as a value: copy, compare, print with write().
///
/// After parse() each id in it is an NCName and stands once in the whole document, ids within
/// fragments included. Who builds a document by hand calls make_ids_unique() to get there.
struct PidfDocument {
  std::string entity;  // as written: sip:, pres: ... (RFC 3863 §4.1.1)
  std::vector<Tuple> tuples;
  std::vector<Note> notes;
  std::vector<Person> persons;
  std::vector<Device> devices;
  std::vector<Fragment> extensions;  // other children of <presence>

  /// Reads a body of type application/pidf+xml; it passes guard() first, within limits.body_bytes
  /// and limits.xml_depth.
  ///
  /// Refused (malformed): another root than <presence> of PIDF; no entity; a tuple without id or
  /// <status>, or with a second <status>, <contact> or <timestamp>; two tuples of one id; a <basic>
  /// that is neither open nor closed; a device without a deviceID that can be a URI.
  /// So is a document whose declarations would make its fragments many times longer than itself.
  ///
  /// Forgiven, because clients do it: children in any order; white space around values; an id that
  /// is no NCName (renamed); person or device without an id (given one); a priority that is no
  /// qvalue (ignored, RFC 3863 §4.1.5); a contact that is no URI and a timestamp that is no date
  /// (left out).
  ///
  /// Unknown elements of other namespaces are kept, mustUnderstand and all, for those who
  /// understand them; unknown ones of PIDF itself or of no namespace are ignored (RFC 3863 §4.2.3).
  /// Any thread.
  static base::Result<PidfDocument> parse(std::string_view body, const base::Limits& limits);

  friend bool operator==(const PidfDocument&, const PidfDocument&) = default;
};

/// The document as UTF-8 text with an XML declaration: PIDF as default namespace, known prefixes
/// declared once, on the root; children in the order of the schemas. parse() of it gives the same
/// value. Any thread.
std::string write(const PidfDocument& document);

/// Turns every id into an NCName that stands once in the document, the same way each time. An id
/// that is one already keeps its name, the first of equals too.
void make_ids_unique(PidfDocument& document);

}  // namespace rollcall::xml
