// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cstring>

#include <rollcall/base/ids.hpp>
#include <rollcall/base/keyed_hash.hpp>

namespace rollcall::base {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

namespace {

struct State {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }

  void take(std::uint64_t word) {
    v3 ^= word;
    round();
    v0 ^= word;
  }
};

}  // namespace

std::uint64_t keyed_hash(const HashKey& key, std::string_view text) {
  State state{key.k0 ^ 0x736f6d6570736575, key.k1 ^ 0x646f72616e646f6d, key.k0 ^ 0x6c7967656e657261,
              key.k1 ^ 0x7465646279746573};
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    state.take(word);
  }
  std::uint64_t last = 0;
  if (left > 0) std::memcpy(&last, at, left);
  state.take(last | static_cast<std::uint64_t>(text.size()) << 56);
  state.v2 ^= 0xff;
  for (int i = 0; i < 3; ++i)
    state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

std::uint64_t keyed_hash(std::string_view text) {
  static const HashKey key{random_bits(), random_bits()};
  return keyed_hash(key, text);
}

}  // namespace rollcall::base
