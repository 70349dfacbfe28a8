// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/base/keyed_hash.hpp>

#include <doctest/doctest.h>

namespace rollcall::base {

// The key 00 01 … 0f and the texts 00 01 … that the test vectors of SipHash use.
TEST_CASE("keyed hash: it is SipHash-1-3") {
  const HashKey key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  std::string text;
  const auto hash_of = [&](std::size_t length) {
    while (text.size() < length)
      text += static_cast<char>(text.size());
    return keyed_hash(key, text);
  };
  CHECK(hash_of(0) == 0xabac0158050fc4dc);
  CHECK(hash_of(1) == 0xc9f49bf37d57ca93);
  CHECK(hash_of(7) == 0xd3927d989bb11140);
  CHECK(hash_of(8) == 0x369095118d299a8e);
  CHECK(hash_of(15) == 0xd320d86d2a519956);
  CHECK(hash_of(63) == 0x9d199062b7bbb3a8);
}

TEST_CASE("keyed hash: another key gives another hash, and that of the process stays the same") {
  CHECK(keyed_hash({1, 2}, "z9hG4bK-1") != keyed_hash({1, 3}, "z9hG4bK-1"));
  CHECK(keyed_hash("z9hG4bK-1") == keyed_hash("z9hG4bK-1"));
  CHECK(keyed_hash("z9hG4bK-1") != keyed_hash("z9hG4bK-2"));
}

}  // namespace rollcall::base
