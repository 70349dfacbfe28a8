// SPDX-License-Identifier: Apache-2.0
// The presence documents that the RFCs print. What is expected of each was decided by reading the
// RFC, its errata and its schema.
#include "support/presence_schema.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>

#include <rollcall/xml/pidf.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using xml::PidfDocument;

namespace {

enum class Expect { accepted, accepted_but_extension_invalid, refused };

struct Row {
  const char* sample;
  Expect expect;
  std::size_t tuples = 0, persons = 0, devices = 0;
};

constexpr Row rows[] = {
    {"rfc3863-01-presence.xml", Expect::accepted, 1},
    {"rfc3863-02-presence.xml", Expect::accepted, 1},
    {"rfc3863-03-presence.xml", Expect::accepted, 1},
    {"rfc3863-04-presence.xml", Expect::accepted, 2},
    {"rfc3863-05-presence.xml", Expect::accepted, 2},
    {"rfc3863-06-presence.xml", Expect::accepted, 1},
    // Lacks the entity, which is mandatory (RFC 3863 §4.1.1; erratum 2131 adds it).
    {"rfc4479-01-presence.xml", Expect::refused},
    // <rpid:sphere> holds text, against its own schema (erratum 2961). It is not ours to judge.
    {"rfc4480-01-presence.xml", Expect::accepted_but_extension_invalid, 3, 1, 1},
    {"rfc4482-02-presence.xml", Expect::accepted, 2, 1},
    // A tuple id begins with a digit, which no xs:ID does; it is renamed.
    {"rfc4660-02-presence.xml", Expect::accepted, 2},
    {"rfc4660-08-presence.xml", Expect::accepted, 2},
    {"rfc4662-03-presence.xml", Expect::accepted, 1},
    {"rfc4827-01-presence.xml", Expect::accepted, 2, 1},
    {"rfc5196-01-presence.xml", Expect::accepted, 1, 0, 1},
    // Other documents: their root is not <presence>.
    {"rfc5262-01-pidf-full.xml", Expect::refused},
    {"rfc3994-01-isComposing.xml", Expect::refused},
    {"malformed/rfc4235-17-dialog-info.xml", Expect::refused},
    {"malformed/rfc4482-01-presence.xml", Expect::refused},
    {"malformed/rfc4662-02-list.xml", Expect::refused},
    {"malformed/rfc4826-04-rls-services.xml", Expect::refused},
};

}  // namespace

TEST_CASE("pidf: the documents of the RFCs are read, or refused, as the RFCs say") {
  for (const auto& row : rows) {
    CAPTURE(row.sample);
    const auto text = tests::read_data(std::string("samples/") + row.sample);
    REQUIRE_FALSE(text.empty());
    const auto document = PidfDocument::parse(text, base::Limits());
    CAPTURE((document ? std::string() : document.error().detail));
    REQUIRE(document.ok() == (row.expect != Expect::refused));
    if (!document) continue;
    CHECK(document->tuples.size() == row.tuples);
    CHECK(document->persons.size() == row.persons);
    CHECK(document->devices.size() == row.devices);
    const auto written = write(*document);
    const auto faults = tests::PresenceSchema::instance().faults(written);
    CAPTURE(faults);
    CHECK(faults.empty() == (row.expect == Expect::accepted));
    const auto again = PidfDocument::parse(written, base::Limits());
    REQUIRE(again.ok());
    CHECK(*again == *document);
  }
}

TEST_CASE("pidf: every sample has a row in the table of expectations") {
  const std::filesystem::path folder(std::string(ROLLCALL_SOURCE_DIR) + "/tests/data/samples");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const auto name = entry.path().lexically_relative(folder).string();
    CAPTURE(name);
    CHECK(std::any_of(std::begin(rows), std::end(rows), [&](const Row& row) { return row.sample == name; }));
  }
  CHECK(files == std::size(rows));
}
