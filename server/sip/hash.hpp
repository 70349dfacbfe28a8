// SPDX-License-Identifier: Apache-2.0
// OpenSSL's hashes without its costs: algorithms are fetched once, contexts are kept by the thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace rollcall::sip {

using Md5Hash = std::array<std::uint8_t, 16>;
using Sha256Hash = std::array<std::uint8_t, 32>;

/// The hash over all parts, one after the other. Any thread. Throws std::runtime_error when OpenSSL
/// does not offer the algorithm (MD5 in FIPS mode), which no caller can mend.
Md5Hash md5(std::initializer_list<std::string_view> parts);
Sha256Hash sha256(std::initializer_list<std::string_view> parts);

/// HMAC-SHA-256 (RFC 2104) over all parts. Any thread.
Sha256Hash hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts);

/// Lower-case hexadecimal digits of N bytes, without an allocation.
template <std::size_t N>
struct Hex {
  std::array<char, N * 2> digits;

  explicit Hex(std::span<const std::uint8_t, N> bytes) {
    static constexpr char alphabet[] = "0123456789abcdef";
    for (std::size_t i = 0; i < N; ++i) {
      digits[i * 2] = alphabet[bytes[i] >> 4];
      digits[i * 2 + 1] = alphabet[bytes[i] & 0xf];
    }
  }
  [[nodiscard]] std::string_view view() const { return {digits.data(), digits.size()}; }
};
template <std::size_t N>
Hex(const std::array<std::uint8_t, N>&) -> Hex<N>;

}  // namespace rollcall::sip
