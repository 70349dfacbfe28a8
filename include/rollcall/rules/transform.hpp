// SPDX-License-Identifier: Apache-2.0
// What a watcher is shown of a presence document (RFC 5025 §3.3).
#pragma once

#include <span>
#include <string>

#include <rollcall/rules/permissions.hpp>
#include <rollcall/sip/uri.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::rules {

/// The part of a document that the permissions let through. What is not permitted is gone, and what is
/// left is a valid document, if without a service, person or device.
///
/// - Services, persons and devices by RFC 5025 §3.3.1. An occurrence id is the id that stands in
///   `document`. They are chosen by what `document` says, also by a <class> that is then taken out.
/// - Always with them: the entity, ids, <contact>, <service-class>, <basic> and <timestamp> of a
///   service, <deviceID> and <timestamp> of a device, <timestamp> of a person (§3.3.2).
/// - Every other element, in <status> too, by the permission of its name; what no permission of
///   RFC 5025 is about (CIPID, capabilities, timed status, unknown ones) by provide-unknown-attribute.
/// - Notes of the document itself are about the person: with provide-note, when all persons are shown.
///   Other elements of the document itself: only to who may see everything.
///
/// Pure; any thread. One result serves all watchers with the same Permissions::key().
xml::PidfDocument transform(const xml::PidfDocument& document, const Permissions& permissions);

/// What a politely blocked watcher is shown: one closed service and nothing else (RFC 5025 §3.2.1),
/// the same as when the presentity has published nothing and is registered nowhere.
xml::PidfDocument unavailable_document(const sip::Aor& presentity);

/// The sphere of a presentity for its rules: what all its published documents agree on that name one in
/// <person>; "" for none or several (RFC 5025 §3.1.2). In lower case, as it compares without it.
std::string sphere_of(std::span<const xml::PidfDocument* const> published);

}  // namespace rollcall::rules
