// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>

#include <rollcall/xcap/conditions.hpp>

#include <doctest/doctest.h>

using namespace rollcall::xcap;

namespace {

Verdict match(const std::string& field, std::optional<std::string_view> etag) {
  return evaluate({field, std::nullopt}, etag, false);
}

Verdict none_match(const std::string& field, std::optional<std::string_view> etag, bool reads) {
  return evaluate({std::nullopt, field}, etag, reads);
}

constexpr const char* tag = "\"abc\"";

}  // namespace

TEST_CASE("conditions: none at all lets a request through") {
  CHECK(evaluate({}, tag, true) == Verdict::proceed);
  CHECK(evaluate({}, std::nullopt, false) == Verdict::proceed);
}

TEST_CASE("conditions: If-Match holds for one of its tags [RFC 7232 §3.1]") {
  CHECK(match("\"abc\"", tag) == Verdict::proceed);
  CHECK(match("\"x\", \"abc\"", tag) == Verdict::proceed);
  CHECK(match("\"x\" ,\t\"abc\" , \"y\"", tag) == Verdict::proceed);
  CHECK(match(", ,\"abc\",,", tag) == Verdict::proceed);
  CHECK(match("\"x\"", tag) == Verdict::failed);
  CHECK(match("\"ABC\"", tag) == Verdict::failed);
  CHECK(match("\"abc\"", std::nullopt) == Verdict::failed);
}

TEST_CASE("conditions: If-Match * asks for a document [RFC 7232 §3.1]") {
  CHECK(match("*", tag) == Verdict::proceed);
  CHECK(match(" * ", tag) == Verdict::proceed);
  CHECK(match("*", std::nullopt) == Verdict::failed);
  CHECK(match("\"*\"", tag) == Verdict::failed);
}

TEST_CASE("conditions: a weak tag never matches in If-Match, and may in If-None-Match [RFC 7232 §2.3.2]") {
  CHECK(match("W/\"abc\"", tag) == Verdict::failed);
  CHECK(match("W/\"abc\", \"abc\"", tag) == Verdict::proceed);
  CHECK(none_match("W/\"abc\"", tag, true) == Verdict::not_modified);
}

TEST_CASE("conditions: If-None-Match is 304 when reading and 412 when writing [RFC 7232 §3.2]") {
  CHECK(none_match("\"abc\"", tag, true) == Verdict::not_modified);
  CHECK(none_match("\"x\", \"abc\"", tag, true) == Verdict::not_modified);
  CHECK(none_match("\"abc\"", tag, false) == Verdict::failed);
  CHECK(none_match("\"x\"", tag, true) == Verdict::proceed);
  CHECK(none_match("\"x\"", tag, false) == Verdict::proceed);
  CHECK(none_match("\"abc\"", std::nullopt, false) == Verdict::proceed);
}

TEST_CASE("conditions: If-None-Match * asks for there to be no document [RFC 4825 §8.2.6]") {
  CHECK(none_match("*", tag, false) == Verdict::failed);
  CHECK(none_match("*", tag, true) == Verdict::not_modified);
  CHECK(none_match("*", std::nullopt, false) == Verdict::proceed);
}

TEST_CASE("conditions: If-Match comes first [RFC 7232 §6]") {
  CHECK(evaluate({"\"x\"", "\"abc\""}, tag, true) == Verdict::failed);
  CHECK(evaluate({"\"abc\"", "\"abc\""}, tag, true) == Verdict::not_modified);
}

TEST_CASE("conditions: what is no list of entity tags is malformed [RFC 7232 §2.3]") {
  for (const auto* field : {"", " ", ",", "abc", "\"abc", "abc\"", "w/\"abc\"", "W/abc", "\"abc\" \"abc\"",
                            "\"abc\"x", "*, \"abc\"", "\"abc\", *", "\"a b\"", "'abc'", "\"abc\";\"x\""}) {
    CAPTURE(field);
    CHECK(match(field, tag) == Verdict::malformed);
    CHECK(none_match(field, tag, true) == Verdict::malformed);
  }
}

TEST_CASE("etag: it is strong, quoted, and follows the bytes [RFC 4825 §8.5]") {
  const auto first = etag_of("<a/>");
  CHECK(first.size() == 34);
  CHECK(first.front() == '"');
  CHECK(first.back() == '"');
  CHECK(etag_of("<a/>") == first);
  CHECK(etag_of("<a />") != first);
  CHECK(etag_of("") != first);
  CHECK(match(first, first) == Verdict::proceed);
}
