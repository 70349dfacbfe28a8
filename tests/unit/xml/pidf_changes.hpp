// SPDX-License-Identifier: Apache-2.0
// What tests of partial presence have in common.
#pragma once

#include "support/presence_schema.hpp"

#include <string>
#include <string_view>

#include <rollcall/xml/pidf_diff.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace rollcall::tests {

inline const base::Limits limits;

inline xml::PidfDocument parse(std::string_view text) {
  auto document = xml::PidfDocument::parse(text, limits);
  CAPTURE(text);
  CAPTURE((document ? std::string() : document.error().detail));
  REQUIRE(document.ok());
  return *document;
}

inline constexpr std::string_view head =
    "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\""
    " xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\" entity=\"sip:a@b.c\">";

inline std::string presence(std::string_view content) {
  return fmt::format("{}{}</presence>", head, content);
}

/// The <pidf-diff> or <pidf-full> between two documents, checked: valid, and it leads from one to the other.
inline std::string change(const xml::PidfDocument& before, const xml::PidfDocument& after) {
  const auto made = write_pidf_change(before, after, 2);
  CAPTURE(made.body);
  CHECK(PresenceSchema::instance().faults(made.body) == "");
  xml::KnownPresence watcher;
  REQUIRE(watcher.take(write_pidf_full(before, 1), limits).ok());
  const auto taken = watcher.take(made.body, limits);
  CAPTURE((taken.ok() ? std::string() : taken.error().detail));
  REQUIRE(taken.ok());
  CHECK(parse(watcher.text()) == after);
  CHECK(made.body.size() <= write_pidf_full(after, 2).size());
  return made.body;
}

// Enough of the rest that a diff is shorter than the whole.
inline const std::string ballast =
    "<tuple id=\"z\"><status><basic>open</basic></status><contact>sip:" + std::string(600, 'z') +
    "@b.c</contact></tuple>";

}  // namespace rollcall::tests
