// SPDX-License-Identifier: Apache-2.0
// Any bytes as a presence document: what is read must be written so that it is read the same, and
// composed so that it is read at all.
#include "expect.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <rollcall/presence/compose.hpp>
#include <rollcall/xml/pidf.hpp>

using rollcall::base::Instant;
using rollcall::fuzz::expect;
using rollcall::xml::PidfDocument;

namespace {

/// What a fragment repeats makes a document longer than the one that it came from.
rollcall::base::Limits wide_limits() {
  rollcall::base::Limits limits;
  limits.body_bytes = 4'194'304;
  limits.xml_depth = 64;
  return limits;
}

PidfDocument read_again(const PidfDocument& document) {
  auto again = PidfDocument::parse(write(document), wide_limits());
  expect(again.ok(), "what we write can be read");
  return *again;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto document = PidfDocument::parse(body, rollcall::base::Limits());
  if (!document) return 0;
  const auto again = read_again(*document);
  expect(again == *document, "a document is read back");
  expect(write(again) == write(*document), "a document is written the same again");

  static const auto presentity = *rollcall::sip::Aor::parse("alice@example.com");
  const rollcall::presence::PublicationInput publications[] = {
      {1, "a", "", &*document, Instant(), Instant(std::chrono::seconds(9))},
      {2, "b", "", &*document, Instant(std::chrono::seconds(1)), Instant(std::chrono::seconds(9))},
  };
  const auto composed =
      rollcall::presence::compose({&presentity, publications, {}, Instant(std::chrono::seconds(2))});
  expect(composed.document.persons.size() <= 1, "there is one person at most");
  expect(!composed.document.tuples.empty(), "there is a service");
  expect(read_again(composed.document) == composed.document, "a composed document is read back");
  return 0;
}
