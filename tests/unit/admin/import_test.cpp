// SPDX-License-Identifier: Apache-2.0
#include "csv.hpp"
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::tests;
using admin::CsvReader;
using http::json::Value;

namespace {

std::string first_fault(const HttpAnswer& answer) {
  const Value report = json_of(answer);
  const auto& errors = *report.at("errors").as<http::json::Array>();
  REQUIRE_FALSE(errors.empty());
  return fmt::format("{}: {} {}", *errors[0].at("line").as<std::int64_t>(), text_of(errors[0], "code"),
                     text_of(errors[0], "detail"));
}

std::int64_t number_of(const HttpAnswer& answer, std::string_view name) {
  return *json_of(answer).at(name).as<std::int64_t>();
}

}  // namespace

TEST_CASE("csv: fields are read with and without quotes [RFC 4180 §2]") {
  CsvReader reader(
      "\xef\xbb\xbf"
      "a,\"b\"\"c\",\r\n\r\n\"line\r\nbreak, comma\",x,\"\"\nlast,1,2");
  auto record = reader.next();
  REQUIRE(record.has_value());
  CHECK(record->fields == std::vector<std::string>{"a", "b\"c", ""});
  CHECK(record->line == 1);
  record = reader.next();
  REQUIRE(record.has_value());
  CHECK(record->fields == std::vector<std::string>{"line\r\nbreak, comma", "x", ""});
  CHECK(record->line == 3);
  record = reader.next();
  REQUIRE(record.has_value());
  CHECK(record->fields == std::vector<std::string>{"last", "1", "2"});
  CHECK(record->line == 5);
  CHECK_FALSE(reader.next().has_value());
}

TEST_CASE("csv: a record that is broken is told, and the next line is read") {
  CsvReader reader("a\"b,c\n\"a\"b,c\na\rb\nfine,1\n\"open");
  for (const char* fault : {"a quote inside of a field without quotes", "text behind a closing quote",
                            "a carriage return without a line feed", "", "a quote is not closed"}) {
    const auto record = reader.next();
    REQUIRE(record.has_value());
    CHECK(record->fault == fault);
  }
  CHECK_FALSE(reader.next().has_value());
}

TEST_CASE("csv: an empty text has no records") {
  CHECK_FALSE(CsvReader("").next().has_value());
  CHECK_FALSE(CsvReader("\xef\xbb\xbf\r\n\n").next().has_value());
}

TEST_CASE("import: users are made, and what cannot be used is told by its line") {
  House house;
  house.make_domain();
  house.make_user("carl");
  const HttpAnswer answer = house.import(
      "domain,username,password,display_name\r\n"
      "example.org,alice,\"p,\"\"w\",\"Alice\"\r\n"
      "example.org,a b,pw,\r\n"
      "example.org,carl,pw,Carl\r\n"
      "example.net,dora,pw,Dora\r\n"
      "example.org,emil\r\n"
      "example.org,\"fritz\",pw,\xc3\xa4\r\n"
      "example.org,alice,pw,again\r\n");
  CHECK(answer.status == 200);
  CHECK(number_of(answer, "created") == 2);
  CHECK(number_of(answer, "failed") == 5);
  const Value report = json_of(answer);
  std::string told;
  for (const Value& error : *report.at("errors").as<http::json::Array>())
    told += fmt::format("{} {}, ", *error.at("line").as<std::int64_t>(), text_of(error, "code"));
  CHECK(told == "3 malformed, 4 conflict, 5 not_found, 6 malformed, 8 conflict, ");
  CHECK(house.tables.users.at("alice@example.org").ha1 == sip::Ha1::of("alice", "example.org", "p,\"w"));
  CHECK(text_of(json_of(house.ask("GET", "/api/v1/users/fritz%40example.org")), "display_name") ==
        "\xc3\xa4");
}

TEST_CASE("import: domains are made only when that is asked for") {
  House house;
  const std::string csv =
      "username,domain,password\nalice,example.org,pw\nbob,Example.NET,pw\ncarl,a..b,pw\n";
  CHECK(number_of(house.import(csv), "created") == 0);
  const HttpAnswer answer = house.import(csv, "?create_domains=true");
  CHECK(number_of(answer, "created") == 2);
  CHECK(json_of(answer).at("domains_created").as<http::json::Array>()->size() == 2);
  CHECK(first_fault(answer).substr(0, 12) == "4: malformed");
  CHECK(house.import(csv, "?create_domains=maybe").status == 400);
}

TEST_CASE("import: users can be imported disabled") {
  House house;
  house.make_domain();
  const HttpAnswer answer =
      house.import("username,domain,password,enabled\nalice,example.org,pw,false\nbob,example.org,pw,no\n");
  CHECK(number_of(answer, "created") == 1);
  CHECK(first_fault(answer) == "3: malformed enabled: must be true or false");
  CHECK(json_of(house.ask("GET", "/api/v1/users/alice%40example.org")).at("enabled") == Value(false));
}

TEST_CASE("import: the header line names the columns, or nothing is imported") {
  House house;
  for (const char* csv :
       {"", "alice,example.org,pw\n", "username,domain\n", "username,domain,password,colour\n",
        "username,domain,password,username\n", "\"username\n"}) {
    CAPTURE(csv);
    const HttpAnswer answer = house.import(csv);
    CHECK(answer.status == 400);
    CHECK(blamed(answer) == "header");
  }
}

TEST_CASE("import: without the database it is refused with 503") {
  House house;
  house.make_domain();
  house.tables.up = false;
  CHECK(house.import("username,domain,password\nalice,example.org,pw\n").status == 503);
  CHECK(house.import("username,domain,password\nalice,example.net,pw\n", "?create_domains=true").status ==
        503);
}

TEST_CASE("import: nasty texts come back as they went in") {
  House house;
  house.make_domain();
  std::string csv = "username,domain,password,display_name\n";
  for (std::size_t i = 0; i < nasty_texts().size(); ++i) {
    std::string quoted;
    for (const char c : nasty_texts()[i])
      quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    csv += fmt::format("u{},example.org,pw,\"{}\"\n", i, quoted);
  }
  CHECK(number_of(house.import(csv), "failed") == 0);
  for (std::size_t i = 0; i < nasty_texts().size(); ++i) {
    const HttpAnswer shown = house.ask("GET", fmt::format("/api/v1/users/u{}%40example.org", i));
    CHECK(text_of(json_of(shown), "display_name") == nasty_texts()[i]);
  }
}

TEST_CASE("import: thousands of lines go in one request, and errors told are bounded") {
  House house;
  house.make_domain();
  std::string csv = "username,domain,password\n";
  for (int i = 0; i < 5'000; ++i)
    csv += fmt::format("user{},example.org,pw{}\n", i, i);
  CHECK(number_of(house.import(csv), "created") == 5'000);
  const HttpAnswer again = house.import(csv);
  CHECK(number_of(again, "failed") == 5'000);
  CHECK(json_of(again).at("errors").as<http::json::Array>()->size() == 1'000);
  CHECK(first_fault(again) == "2: conflict the user user0@example.org exists already");
}
