// SPDX-License-Identifier: Apache-2.0
#include "csv.hpp"

#include <doctest/doctest.h>

using rollcall::app::CsvReader;
using Fields = std::vector<std::string>;

namespace {

std::vector<CsvReader::Record> read_all(std::string_view text) {
  CsvReader reader(text);
  std::vector<CsvReader::Record> records;
  while (auto record = reader.next()) records.push_back(std::move(*record));
  return records;
}

}  // namespace

TEST_CASE("csv: plain fields, empty ones too, with LF or CRLF [RFC 4180 §2]") {
  const auto records = read_all("a,b,,d\r\ne\n,\n");
  REQUIRE(records.size() == 3);
  CHECK(records[0].fields == Fields{"a", "b", "", "d"});
  CHECK(records[1].fields == Fields{"e"});
  CHECK(records[2].fields == Fields{"", ""});
}

TEST_CASE("csv: quoted fields hold commas, line breaks and doubled quotes [RFC 4180 §2]") {
  const auto records = read_all("\"a,\"\"b\"\"\",\"two\nlines\",c\nnext");
  REQUIRE(records.size() == 2);
  CHECK(records[0].fields == Fields{"a,\"b\"", "two\nlines", "c"});
  CHECK(records[1].fields == Fields{"next"});
  CHECK(records[1].line == 3);
}

TEST_CASE("csv: a byte order mark, empty lines and a missing last line break do no harm") {
  const auto records = read_all("\xef\xbb\xbf\n\na,b\n\n\nc");
  REQUIRE(records.size() == 2);
  CHECK(records[0].fields == Fields{"a", "b"});
  CHECK(records[0].line == 3);
  CHECK(records[1].line == 6);
}

TEST_CASE("csv: a broken record is named and the next one is read") {
  const auto records = read_all("\"a\"x,b\nc,d\n\"open");
  REQUIRE(records.size() == 3);
  CHECK(records[0].fault == "text behind a closing quote");
  CHECK(records[1].fault.empty());
  CHECK(records[1].fields == Fields{"c", "d"});
  CHECK(records[2].fault == "a quote is not closed");
  CHECK(records[2].line == 3);
}

TEST_CASE("csv: nothing is no record") {
  CHECK(read_all("").empty());
  CHECK(read_all("\r\n\n").empty());
}
