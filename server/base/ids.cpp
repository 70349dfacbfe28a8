// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>
#include <stdexcept>

#include <rollcall/base/ids.hpp>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace rollcall::base {

static void fill_random(void* out, std::size_t size) {
  if (RAND_bytes(static_cast<unsigned char*>(out), static_cast<int>(size)) != 1)
    throw std::runtime_error("the system gives no randomness");
}

std::uint64_t random_bits() {
  // One call to the generator serves many tokens.
  thread_local std::array<std::uint64_t, 64> pool;
  thread_local std::size_t used = pool.size();
  if (used == pool.size()) {
    fill_random(pool.data(), sizeof(pool));
    used = 0;
  }
  return pool[used++];
}

std::string random_hex(std::size_t bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes * 2);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < bytes; ++i, bits >>= 8) {
    if (i % 8 == 0) bits = random_bits();
    text += digits[bits >> 4 & 0xf];
    text += digits[bits & 0xf];
  }
  return text;
}

std::string time_ordered_id(Instant time) {
  thread_local std::uint64_t last = 0;
  // 48 bits of milliseconds and 12 of a sub-millisecond count, never less than the one before.
  const auto micros = static_cast<std::uint64_t>(time.time_since_epoch().count());
  std::uint64_t stamp = (micros / 1000) << 12 | ((micros % 1000) * 4);
  if (stamp <= last) stamp = last + 1;
  last = stamp;
  const std::uint64_t random = random_bits();
  return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", stamp >> 28, stamp >> 12 & 0xffff, stamp & 0xfff,
                     0x8000 | (random >> 48 & 0x3fff), random & 0xffffffffffff);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace rollcall::base
