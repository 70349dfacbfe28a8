// SPDX-License-Identifier: Apache-2.0
#include "serialize.hpp"

#include <doctest/doctest.h>

using namespace rollcall::http;

namespace {

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("serialize: a field that an answer has several times is written as often [RFC 9110 §5.3]") {
  const std::string bytes =
      serialize({401, {{"WWW-Authenticate", "Digest a"}, {"WWW-Authenticate", "Digest b"}}, ""}, false, true);
  CHECK(count_of(bytes, "WWW-Authenticate: ") == 2);
  CHECK(bytes.find("Digest a") < bytes.find("Digest b"));
}

TEST_CASE("serialize: what an answer sets itself takes the place of what is always set") {
  const std::string bytes = serialize({200, {{"cache-control", "no-cache"}}, "x"}, false, true);
  CHECK(bytes.find("no-store") == std::string::npos);
  CHECK(count_of(bytes, "no-cache") == 1);
  CHECK(count_of(bytes, "X-Content-Type-Options: nosniff") == 1);
}
