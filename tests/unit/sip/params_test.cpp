// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/sip/headers/params.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

TEST_CASE("params: names in any case, values as written, white space around [RFC 3261 §25.1]") {
  const auto params =
      Params::parse(" ; Tag = abc;q=0.5;lr ; name=\"a;b \\\" c\";h=[2001:db8::1];r=2001:db8::9:255");
  REQUIRE(params.ok());
  CHECK(params->get("tag") == "abc");
  CHECK(params->get("Q") == "0.5");
  CHECK(params->get("lr") == "");
  CHECK(params->get("name") == "\"a;b \\\" c\"");
  CHECK(params->get("h") == "[2001:db8::1]");
  CHECK(params->get("r") == "2001:db8::9:255");
  CHECK_FALSE(params->has("b"));
}

TEST_CASE("params: a cursor goes through all of them in order") {
  const auto params = Params::parse(";a=1;b;c=\"x\"");
  REQUIRE(params.ok());
  std::string all;
  for (auto c = params->cursor(); c.next();)
    all.append(c.name).append("=").append(c.value).append("|");
  CHECK(all == "a=1|b=|c=\"x\"|");
}

TEST_CASE("params: nothing is no parameters") {
  CHECK(Params::parse("").ok());
  CHECK(Params::parse("  ").ok());
  CHECK_FALSE(Params{}.has("a"));
}

TEST_CASE("params: what the grammar does not allow is malformed [RFC 3261 §25.1, RFC 4475 §3.1.2.1]") {
  for (const std::string_view text :
       {";", ";;", ";a;", ";a=", ";=b", "a=b", ";a=b c", ";a=\"b", ";a=\"b\"c", ";a==b", ";a b", ";a=<b>",
        ";a,b", ";a;a", ";tag=1;Tag=2", ";a=\"\x01\""}) {
    CAPTURE(text);
    CHECK_FALSE(Params::parse(text).ok());
  }
}

TEST_CASE("params: more than anybody needs are malformed") {
  std::string text;
  for (int i = 0; i < 64; ++i)
    text += ";p" + std::to_string(i);
  CHECK(Params::parse(text).ok());
  CHECK_FALSE(Params::parse(text + ";more").ok());
}

TEST_CASE("quoted strings: escapes are undone and made [RFC 3261 §25.1]") {
  CHECK(unquote("\"a \\\"b\\\" \\\\ c\"") == "a \"b\" \\ c");
  CHECK(unquote("plain") == "plain");
  CHECK(unquote("\"") == "\"");
  CHECK(unquote("\"\"").empty());
  CHECK(quote("a \"b\" \\ c") == "\"a \\\"b\\\" \\\\ c\"");
  CHECK(quote("a\r\nb") == "\"ab\"");
  using namespace std::string_view_literals;
  for (const auto text : {""sv, "\""sv, "\\"sv, "\\\""sv, "tab\there"sv, "\0\x07"sv}) {
    CHECK(unquote(quote(text)) == text);
  }
}

TEST_CASE("numbers: decimal without sign, up to 2^32-1") {
  CHECK(parse_number("0") == 0);
  CHECK(parse_number("0068") == 68);
  CHECK(parse_number("4294967295") == 4294967295U);
  for (const std::string_view text :
       {"", "-1", "+1", " 1", "1 ", "4294967296", "36893488147419103232", "0x1", "1.0", "five"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number(text).has_value());
  }
}

TEST_CASE("text: comparison without case is for ASCII only") {
  CHECK(equal_ignoring_case("Presence", "pRESENCE"));
  CHECK_FALSE(equal_ignoring_case("a", "ab"));
  CHECK_FALSE(equal_ignoring_case("\xc3\x84", "\xc3\xa4"));
  CHECK_FALSE(equal_ignoring_case("@", "`"));
  CHECK(trim(" \t a b\t ") == "a b");
  CHECK(trim(" \t").empty());
}

TEST_CASE("text: UTF-8 is told from what looks like it [RFC 3629 §4]") {
  for (const std::string_view text :
       {"", "ascii", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    CHECK(is_utf8(text));
  }
  for (const std::string_view text :
       {"\xff", "\x80", "\xc3", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xe2\x28\xa1", "a\xe2\x82\xac\xc3"}) {
    CHECK_FALSE(is_utf8(text));
  }
}

}  // namespace rollcall::sip
