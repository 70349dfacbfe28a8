// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <rollcall/rules/times.hpp>

#include <doctest/doctest.h>

using namespace rollcall;

namespace {

/// As UTC, or "" when it is no time.
std::string utc(std::string_view text) {
  const auto time = rules::parse_date_time(text);
  return time ? base::to_rfc3339(*time) : "";
}

}  // namespace

TEST_CASE("times: a date and time with its timezone is read [RFC 4745 §7.4]") {
  CHECK(utc("2003-12-24T17:00:00+01:00") == "2003-12-24T16:00:00.000Z");
  CHECK(utc("2003-08-15T10:20:00.000-05:00") == "2003-08-15T15:20:00.000Z");
  CHECK(utc(" 2004-02-29T23:59:59.1239999Z\n") == "2004-02-29T23:59:59.123Z");
  CHECK(utc("2003-12-31T24:00:00Z") == "2004-01-01T00:00:00.000Z");
  CHECK(utc("1969-12-31T23:59:59+14:00") == "1969-12-31T09:59:59.000Z");
}

TEST_CASE("times: without a timezone it is none [RFC 4745 §7.4, erratum 1455]") {
  CHECK(utc("2003-12-24T17:00:00") == "");
}

TEST_CASE("times: what is no date, or no day of the calendar, is refused") {
  for (const auto* text : {"",
                           "now",
                           "2003-12-24",
                           "2003-13-24T17:00:00Z",
                           "2003-02-29T17:00:00Z",
                           "2003-12-24T25:00:00Z",
                           "2003-12-24T17:60:00Z",
                           "2003-12-24T17:00:60Z",
                           "2003-12-24T24:00:01Z",
                           "2003-12-24T24:00:00.1Z",
                           "2003-12-24T17:00:00.Z",
                           "2003-12-24T17:00:00z",
                           "2003-12-24t17:00:00Z",
                           "2003-12-24T17:00:00+1:00",
                           "2003-12-24T17:00:00+14:01",
                           "2003-12-24T17:00:00+01:60",
                           "2003-12-24T17:00:00Zx",
                           "0000-01-01T00:00:00Z",
                           "-2003-12-24T17:00:00Z",
                           "12003-12-24T17:00:00Z"}) {
    CAPTURE(text);
    CHECK(utc(text) == "");
  }
}
