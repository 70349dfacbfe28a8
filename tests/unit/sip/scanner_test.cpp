// SPDX-License-Identifier: Apache-2.0
#include "scanner.hpp"

#include <cctype>
#include <string>

#include <doctest/doctest.h>

namespace rollcall::sip {

TEST_CASE("scanner: the character sets are those of the grammar [RFC 3261 §25.1]") {
  const auto is_exactly = [](CharSet set, std::string_view others) {
    for (int c = 0; c < 256; ++c) {
      const char character = static_cast<char>(c);
      const bool alphanum = c < 128 && std::isalnum(c) != 0;
      const bool wanted = alphanum || (c != 0 && others.find(character) != std::string_view::npos);
      CAPTURE(c);
      CHECK(is_in(character, set) == wanted);
    }
  };
  is_exactly(token_chars, "-.!%*_+`'~");
  is_exactly(word_chars, "-.!%*_+`'~()<>:\\\"/[]?{}");
  is_exactly(user_chars, "-_.!~*'()&=+$,;?/");
  is_exactly(password_chars, "-_.!~*'()&=+$,");
  is_exactly(param_chars, "-_.!~*'()[]/:&+$");
  is_exactly(uri_header_chars, "-_.!~*'()[]/?:+$");
  is_exactly(scheme_chars, "+-.");
  is_exactly(host_chars, "-.");
}

TEST_CASE("scanner: a separator is taken with its white space, or nothing is") {
  Scanner in("a \t; b");
  CHECK(in.token() == "a");
  CHECK_FALSE(in.separator('='));
  CHECK(in.rest() == " \t; b");
  CHECK(in.separator(';'));
  CHECK(in.rest() == "b");
}

TEST_CASE("scanner: escapes are whole or not taken") {
  Scanner in("a%41b%4");
  CHECK(in.take_escaped(user_chars) == "a%41b");
  CHECK(in.rest() == "%4");
}

TEST_CASE("scanner: a quoted string ends at the quote that is not escaped") {
  Scanner in("\"a\\\"b\" c");
  CHECK(in.quoted_string() == "\"a\\\"b\"");
  CHECK(in.rest() == " c");
  for (const std::string_view text : {"", "a", "\"", "\"a", "\"a\\\"", "\"a\\", "\"a\nb\"", "\"a\x7f\""}) {
    CAPTURE(text);
    CHECK_FALSE(Scanner(text).quoted_string().has_value());
  }
}

TEST_CASE("scanner: a control character is found wherever it stands") {
  for (std::size_t length = 0; length < 40; ++length) {
    std::string text(length, '\xff');
    CHECK_FALSE(has_control(text));
    for (std::size_t at = 0; at < length; ++at) {
      text.assign(length, ' ');
      CHECK_FALSE(has_control(text));
      text[at] = '\x1f';
      CHECK(has_control(text));
      text[at] = '\0';
      CHECK(has_control(text));
    }
  }
}

}  // namespace rollcall::sip
