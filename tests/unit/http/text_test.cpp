// SPDX-License-Identifier: Apache-2.0
#include <rollcall/http/text.hpp>

#include <doctest/doctest.h>

using namespace rollcall::http;

TEST_CASE("text: UTF-8 is taken as RFC 3629 §4 has it") {
  for (const char* sound : {"", "abc", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"}) {
    CAPTURE(sound);
    CHECK(is_clean_text(sound));
  }
  // A lone continuation, an overlong form, a surrogate, past U+10FFFF, cut short.
  for (const char* broken :
       {"\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\xff"}) {
    CAPTURE(broken);
    CHECK_FALSE(is_clean_text(broken));
  }
  CHECK_FALSE(is_clean_text(std::string_view("a\0b", 3)));
  CHECK(character_count("\xc3\xa4\xe2\x82\xac"
                        "a") == 3);
}

TEST_CASE("text: percent-encoding brings every text back [RFC 3986 §2.1]") {
  for (const char* text :
       {"bob@example.org", "a/b?c#d%", "'; DROP TABLE users; --", "\xc3\xa4 \xe2\x82\xac", "~-._"}) {
    CAPTURE(text);
    CHECK(percent_decode(percent_encode(text)) == text);
  }
  CHECK(percent_encode("a b/@") == "a%20b%2F%40");
  for (const char* broken : {"%", "%4", "%zz", "%00", "%ff", "%c3"}) {
    CAPTURE(broken);
    CHECK_FALSE(percent_decode(broken).has_value());
  }
}
