// SPDX-License-Identifier: Apache-2.0
// The part of a composition that says what the human does, with which devices, and in which words.
#pragma once

#include "compose_draft.hpp"

namespace rollcall::presence {

/// An <activities> with this in it, which has no other namespace than RPID's with its usual prefix.
xml::Fragment activities_with(std::string_view content);

/// Step: RFC 4479 §3.2: there is one human behind a presentity, whatever reports about him.
void add_person(Draft& draft);

/// Step: RFC 4479 §3.4: the deviceID says which device it is, whoever reports about it.
void add_devices(Draft& draft);

/// Step: the notes of the document.
void add_notes(Draft& draft);

/// Step: elements of the document that are not known here.
void add_extensions(Draft& draft);

}  // namespace rollcall::presence
