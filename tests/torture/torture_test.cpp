// SPDX-License-Identifier: Apache-2.0
#include "expectations.hpp"
#include "facts.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <rollcall/sip/message.hpp>

#include <doctest/doctest.h>

namespace rollcall::torture {

namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(ROLLCALL_SOURCE_DIR) / "tests" / "torture";

std::string bytes_of(const std::string& file) {
  std::ifstream in(folder / file, std::ios::binary);
  REQUIRE_MESSAGE(in.is_open(), file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A message as it is on the wire: the archive of RFC 5118 ends its lines in LF alone.
std::string contents(const std::string& file) {
  auto bytes = bytes_of(file);
  if (bytes.find("\r\n") != std::string::npos) return bytes;
  std::string wire;
  for (const char c : bytes)
    wire += c == '\n' ? "\r\n" : std::string(1, c);
  return wire;
}

void check_dropped(const base::Result<std::unique_ptr<sip::Message>>& parsed) {
  if (!parsed) return;
  REQUIRE_FALSE((*parsed)->is_request());
  CHECK(sip::check_response(**parsed).has_value());
}

void check_refused(const sip::Message& message, const Expectation& expected) {
  REQUIRE(message.is_request());
  const auto defect = sip::check_request(message);
  REQUIRE(defect.has_value());
  CAPTURE(defect->reason);
  CHECK(defect->status == expected.status);
  CHECK(defect->reason.find(expected.reason) != std::string::npos);
  CHECK_FALSE(message.values(sip::Header::via).empty());  // so that the answer finds its way
}

void check_accepted(const sip::Message& message, const Expectation& expected) {
  const auto defect = message.is_request() ? sip::check_request(message) : sip::check_response(message);
  CHECK_MESSAGE(!defect, (defect ? defect->reason : ""));
  for (const auto& fact : expected.facts) {
    CAPTURE(fact.name);
    CHECK(read_fact(message, fact.name) == fact.value);
  }
}

}  // namespace

TEST_CASE("torture: every message has the outcome that its RFC asks for [RFC 4475 §3, RFC 5118 §4]") {
  for (const auto& expected : expectations()) {
    CAPTURE(expected.file);
    CAPTURE(expected.section);
    const auto parsed = sip::Message::parse(contents(expected.file), base::Limits{});
    if (expected.outcome == Outcome::dropped) {
      check_dropped(parsed);
      continue;
    }
    REQUIRE(parsed.ok());
    if (expected.outcome == Outcome::refused) check_refused(**parsed, expected);
    if (expected.outcome == Outcome::accepted) check_accepted(**parsed, expected);
  }
}

TEST_CASE("torture: the table has one row for each file of the corpus, and no other") {
  std::set<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".dat") files.insert(fs::relative(entry.path(), folder).generic_string());
  }
  std::multiset<std::string> rows;
  for (const auto& expected : expectations())
    rows.insert(expected.file);
  for (const auto& file : files)
    CHECK_MESSAGE(rows.count(file) == 1, file);
  for (const auto& row : rows)
    CHECK_MESSAGE(files.count(row) == 1, row);
  CHECK(files.size() == 62);
}

TEST_CASE("torture: a message whose lines end in LF alone is read like one with CRLF [RFC 5118 §4]") {
  const auto file = "rfc5118/ipv6-good.dat";
  const auto with_lf = sip::Message::parse(bytes_of(file), base::Limits{});
  const auto with_crlf = sip::Message::parse(contents(file), base::Limits{});
  REQUIRE(with_lf.ok());
  REQUIRE(with_crlf.ok());
  CHECK_FALSE(sip::check_request(**with_lf).has_value());
  REQUIRE((*with_lf)->fields().size() == (*with_crlf)->fields().size());
  for (std::size_t i = 0; i < (*with_lf)->fields().size(); ++i) {
    CHECK((*with_lf)->fields()[i].line == (*with_crlf)->fields()[i].line);
  }
}

TEST_CASE("torture: no message is read wrong when it is cut off anywhere [RFC 4475 §4]") {
  for (const auto& expected : expectations()) {
    CAPTURE(expected.file);
    const auto whole = contents(expected.file);
    for (std::size_t length = 0; length < whole.size(); length += 7) {
      const auto parsed = sip::Message::parse(whole.substr(0, length), base::Limits{});
      if (!parsed) continue;
      const auto& message = **parsed;
      // What is cut inside the header says so; what is cut later has a body no longer than what came.
      CHECK(message.bytes().size() <= length);
      CHECK(message.body().size() <= length);
      if (message.is_request()) static_cast<void>(sip::check_request(message));
    }
  }
}

}  // namespace rollcall::torture
