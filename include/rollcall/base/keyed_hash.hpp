// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace rollcall::base {

/// The key of a hash, 128 bits.
struct HashKey {
  std::uint64_t k0 = 0, k1 = 0;
};

/// SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF"): who does not know the key
/// cannot find texts that collide, so that a table of what strangers send cannot be made slow.
/// 20 ns for 50 bytes. Any thread.
std::uint64_t keyed_hash(const HashKey& key, std::string_view text);

/// With a key of this process, drawn at random at its start.
std::uint64_t keyed_hash(std::string_view text);

/// For hash tables with texts of strangers as keys.
struct KeyedHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return keyed_hash(text); }
};

}  // namespace rollcall::base
