// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include "copy_rows.hpp"
#include "fixture.hpp"
#include "link.hpp"

#include <doctest/doctest.h>

namespace rollcall::test {

using namespace storage;

TEST_CASE("text: valid UTF-8 is kept as it is") {
  for (const std::string text : {"", "plain", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", "\xEF\xBF\xBF"})
    CHECK(encode_text(text) == text);
}

TEST_CASE("text: bytes that are no UTF-8 become characters, and bytes again") {
  const std::string one_byte = encode_text("\xFF");
  CHECK(one_byte == "\xF4\x8F\xBF\xBF");
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string bytes{'a', static_cast<char>(first), static_cast<char>(second)};
      const std::string encoded = encode_text(bytes);
      REQUIRE(decode_text(encoded) == bytes);
      REQUIRE(encoded.find('\0') == std::string::npos);
    }
  CHECK(decode_text(encode_text(encode_text("\xFF"))) == encode_text("\xFF"));
  CHECK(decode_text(encode_text(awkward())) == awkward());
}

TEST_CASE("text: lists survive as array literals, whatever their elements hold") {
  using List = std::vector<std::string>;
  for (const List& list : {List{}, List{""}, List{"", ""}, List{"NULL", "null"},
                           List{"a,b", "{", "}", "\"", "\\"}, List{awkward(), "x"}}) {
    const auto read = parse_array_literal(to_array_literal(list));
    REQUIRE(read);
    CHECK(*read == list);
  }
  CHECK(parse_array_literal("{a,b}") == List{"a", "b"});
  for (const char* bad : {"", "{", "{a", "a}", "{\"a}", "{\"a\"b}", "{a,}", "{,a}", "{NULL}", "{{a}}"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_array_literal(bad));
  }
}

TEST_CASE("text: a cursor is what this server made, or refused") {
  CHECK(parse_cursor(to_cursor("alice@example.org")) == "alice@example.org");
  CHECK(parse_cursor("") == "");
  for (const char* bad : {"0", "zz", "6G", "616"})
    CHECK_FALSE(parse_cursor(bad));
}

TEST_CASE("text: a search for % or _ means these characters") {
  CHECK(like_pattern("50%_\\") == "%50\\%\\_\\\\%");
}

TEST_CASE("text: a line of COPY is split and unescaped") {
  std::string line = "a\\tb\t\\\\N\t\\N\t\t\\n\\r\\b\\f\\v\\\\x41";
  std::vector<std::string_view> fields;
  const auto& split = split_copy_line(line, fields);
  REQUIRE(split.size() == 5);
  CHECK(split[0] == "a\tb");
  CHECK(split[1] == "\\N");
  CHECK(split[2].empty());
  CHECK(split[3].empty());
  CHECK(split[4] == "\n\r\b\f\v\\x41");
}

TEST_CASE("text: a database URL is completed without touching what it says, and shown without its password") {
  CHECK(completed_url("postgresql://u@h/d").starts_with("postgresql://u@h/d?connect_timeout="));
  CHECK(
      completed_url("postgresql://u@h/d?sslmode=require").starts_with("postgresql://u@h/d?sslmode=require&"));
  CHECK(completed_url("host=h connect_timeout=9").find("connect_timeout=5") == std::string::npos);
  CHECK(shown("postgresql://u:secret@h:5432/d?x=1") == "postgresql://u:***@h:5432/d?x=1");
  CHECK(shown("host=h password='a b' user=u") == "host=h password=*** user=u");
  CHECK(shown("postgresql://h/d?user=u&password=secret&x=1") == "postgresql://h/d?user=u&password=***&x=1");
}

}  // namespace rollcall::test
