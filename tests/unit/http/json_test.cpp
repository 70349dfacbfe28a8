// SPDX-License-Identifier: Apache-2.0
#include <rollcall/http/fields.hpp>
#include <rollcall/http/json.hpp>
#include <rollcall/http/problem.hpp>

#include <doctest/doctest.h>

using namespace rollcall::http;

namespace {

json::Value parsed(const std::string& text) {
  auto result = json::parse(text);
  const auto* fault = std::get_if<json::Fault>(&result);
  INFO(text << ": " << (fault != nullptr ? fault->field + " " + fault->detail : ""));
  REQUIRE(fault == nullptr);
  return std::get<json::Value>(result);
}

std::string anything(const std::string&) {
  return "";
}
std::string at_most_three(const std::string& text) {
  return text.size() > 3 ? "too long" : "";
}

json::Fault fault_of(const std::string& text) {
  auto result = json::parse(text);
  INFO(text);
  REQUIRE(std::holds_alternative<json::Fault>(result));
  return std::get<json::Fault>(result);
}

}  // namespace

TEST_CASE("json: every kind of value is read and written again [RFC 8259 §3]") {
  for (const char* text : {"{}", "[]", "null", "true", "false", "0", "-12", "9223372036854775807", "1.5",
                           "\"a\\\"b\\\\c\"", R"({"b":1,"a":[true,null,{"c":"d"}]})"}) {
    CAPTURE(text);
    CHECK(json::write(parsed(text)) == text);
  }
}

TEST_CASE("json: texts come back as they went in") {
  const std::string nasty =
      "'; DROP TABLE users; -- <script>alert(1)</script> \"\\/\b\f\n\r\t\x01 \xc3\xa4\xf0\x9f\x98\x80";
  const json::Value value = json::Object{{nasty, nasty}};
  CHECK(parsed(json::write(value)) == value);
  CHECK(parsed(R"("\u00e4\ud83d\ude00")") == json::Value("\xc3\xa4\xf0\x9f\x98\x80"));
}

TEST_CASE("json: what is no UTF-8 is written as the replacement character") {
  CHECK(json::write(json::Value("a\xff"
                                "b")) ==
        "\"a\xef\xbf\xbd"
        "b\"");
}

TEST_CASE("json: what is not strict JSON is refused") {
  for (const char* text :
       {"", "{", "{}x", "{} {}", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "// c\n1", "01", "+1", "nul", "\"\t\"",
        "\"\\x\"", "\"abc", "1e999", "18446744073709551615", "[1 2]"}) {
    CAPTURE(text);
    CHECK(std::holds_alternative<json::Fault>(json::parse(text)));
  }
}

TEST_CASE("json: the field at fault is named") {
  CHECK(fault_of(R"({"name":"a\u0000b"})").field == "name");
  CHECK(fault_of("{\"name\":\"a\xff\"}").field == "name");
  CHECK(fault_of(R"({"rows":[{"name":"\ud800"}]})").field == "rows.name");
  CHECK(fault_of(R"({"a":1,"a":2})").detail == "member \"a\" comes twice");
}

TEST_CASE("json: depth is bounded") {
  CHECK(std::holds_alternative<json::Value>(json::parse(std::string(16, '[') + std::string(16, ']'))));
  CHECK(fault_of(std::string(17, '[') + std::string(17, ']')).detail == "too many levels");
  CHECK(std::holds_alternative<json::Fault>(json::parse(std::string(200'000, '['))));
}

TEST_CASE("fields: all that is wrong with a body is told at once") {
  Fields fields(R"({"name":5,"long":"abcd","flag":"yes","surplus":1})");
  CHECK(fields.text("name", anything).empty());
  CHECK(fields.text("missing", anything).empty());
  fields.optional_text("long", at_most_three);
  fields.optional_flag("flag");
  const auto problem = fields.finish();
  REQUIRE(problem.has_value());
  CHECK(problem->status == 400);
  std::string told;
  for (const FieldError& error : problem->errors)
    told += error.field + " " + error.detail + "; ";
  CHECK(told ==
        "name must be a string; missing is missing; long too long; flag must be true or false; surplus is "
        "not known here; ");
}

TEST_CASE("fields: a sound body is read") {
  Fields fields(R"({"name":"\u00e4","flag":false})");
  CHECK(fields.text("name", at_most_three) == "\xc3\xa4");
  CHECK(fields.optional_flag("flag") == false);
  CHECK_FALSE(fields.optional_text("other", anything).has_value());
  CHECK_FALSE(fields.finish().has_value());
}

TEST_CASE("fields: a number is whole and within its bounds") {
  for (const char* body :
       {R"({"n":0})", R"({"n":11})", R"({"n":1.5})", R"({"n":"5"})", R"({"n":null})", R"({"n":true})"}) {
    CAPTURE(body);
    Fields fields(body);
    CHECK_FALSE(fields.optional_number("n", 1, 10).has_value());
    const auto problem = fields.finish();
    REQUIRE(problem.has_value());
    CHECK(problem->errors == std::vector<FieldError>{{"n", "must be a whole number from 1 to 10"}});
  }
  Fields fields(R"({"n":10})");
  CHECK(fields.optional_number("n", 1, 10) == 10);
  CHECK_FALSE(fields.optional_number("m", 1, 10).has_value());
  CHECK_FALSE(fields.finish().has_value());
}

TEST_CASE("fields: a body that is no JSON object is refused") {
  for (const char* body : {"", "[]", "1", "null", "{"}) {
    CAPTURE(body);
    Fields fields(body);
    fields.optional_text("name", anything);
    CHECK(fields.finish().has_value());
  }
}

TEST_CASE("problem: each error code has its status, and one that says come back says when [RFC 9457]") {
  using rollcall::base::ErrorCode;
  CHECK(status_of(ErrorCode::malformed) == 400);
  CHECK(status_of(ErrorCode::unauthorized) == 401);
  CHECK(status_of(ErrorCode::forbidden) == 403);
  CHECK(status_of(ErrorCode::not_found) == 404);
  CHECK(status_of(ErrorCode::conflict) == 409);
  CHECK(status_of(ErrorCode::precondition) == 412);
  CHECK(status_of(ErrorCode::too_large) == 413);
  CHECK(status_of(ErrorCode::unsupported) == 415);
  CHECK(status_of(ErrorCode::overloaded) == 503);
  CHECK(status_of(ErrorCode::unavailable) == 503);
  CHECK(status_of(ErrorCode::internal) == 500);

  const Response response = problem(rollcall::base::Error{ErrorCode::unavailable, "no \"database\""});
  CHECK(response.header("Content-Type") == "application/problem+json");
  CHECK(response.header("Retry-After") == "5");
  const auto body = parsed(response.body);
  CHECK(body.at("title") == json::Value("Service Unavailable"));
  CHECK(body.at("status") == json::Value(503));
  CHECK(body.at("detail") == json::Value("no \"database\""));
}
