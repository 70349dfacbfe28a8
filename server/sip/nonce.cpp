// SPDX-License-Identifier: Apache-2.0
// A nonce is 39 bytes in base64url, which are 52 characters without a spare bit: so each nonce has
// one spelling. 7 bytes of microseconds (good for two thousand years), 8 of run, 8 of sequence, and
// the first 16 of an HMAC over these.
#include "hash.hpp"

#include <algorithm>
#include <array>

#include <rollcall/base/ids.hpp>
#include <rollcall/sip/digest.hpp>

namespace rollcall::sip {

namespace {

constexpr std::size_t made_bytes = 7;
constexpr std::size_t run_bytes = 8;
constexpr std::size_t sequence_bytes = 8;
constexpr std::size_t fact_bytes = made_bytes + run_bytes + sequence_bytes;
constexpr std::size_t signature_bytes = 16;
constexpr std::size_t nonce_bytes = fact_bytes + signature_bytes;
static_assert(nonce_bytes % 3 == 0);

using NonceBytes = std::array<std::uint8_t, nonce_bytes>;

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr auto values = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  return table;
}();

/// RFC 4648 §5.
std::string to_base64url(const NonceBytes& bytes) {
  std::string text;
  text.reserve(nonce_bytes / 3 * 4);
  for (std::size_t i = 0; i < nonce_bytes; i += 3) {
    const unsigned group = bytes[i] << 16U | bytes[i + 1] << 8U | bytes[i + 2];
    for (const unsigned shift : {18U, 12U, 6U, 0U})
      text += alphabet[group >> shift & 0x3f];
  }
  return text;
}

std::optional<NonceBytes> from_base64url(std::string_view text) {
  if (text.size() != nonce_bytes / 3 * 4) return std::nullopt;
  NonceBytes bytes{};
  for (std::size_t in = 0, out = 0; in < text.size(); in += 4, out += 3) {
    int group = 0;
    for (const unsigned char digit : text.substr(in, 4)) {
      if (values[digit] < 0) return std::nullopt;
      group = group << 6 | values[digit];
    }
    bytes[out] = static_cast<std::uint8_t>(group >> 16);
    bytes[out + 1] = static_cast<std::uint8_t>(group >> 8);
    bytes[out + 2] = static_cast<std::uint8_t>(group);
  }
  return bytes;
}

/// Big-endian.
void put(std::uint8_t* at, std::size_t size, std::uint64_t value) {
  for (std::size_t i = size; i-- > 0; value >>= 8)
    at[i] = static_cast<std::uint8_t>(value);
}

std::uint64_t take(const std::uint8_t* at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value = value << 8 | at[i];
  return value;
}

std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

/// No purpose holds a NUL, so purpose and text cannot flow into each other.
Sha256Hash signature(std::string_view secret, std::string_view purpose, std::string_view text) {
  return hmac_sha256(secret, {purpose, std::string_view("\0", 1), text});
}

Sha256Hash signature_of_nonce(std::string_view secret, const NonceBytes& bytes) {
  return signature(secret, "nonce", text_of(bytes.data(), fact_bytes));
}

}  // namespace

std::string sign(std::string_view secret, std::string_view purpose, std::string_view text) {
  const auto hash = signature(secret, purpose, text);
  return std::string(Hex(std::span(hash).first<signature_bytes>()).view());
}

std::string fingerprint(std::string_view text) {
  const auto hash = sha256({text});
  return std::string(Hex(std::span(hash).first<signature_bytes>()).view());
}

std::string Nonce::to_string(std::string_view secret) const {
  NonceBytes bytes{};
  put(bytes.data(), made_bytes, static_cast<std::uint64_t>(made.time_since_epoch().count()));
  put(bytes.data() + made_bytes, run_bytes, run);
  put(bytes.data() + made_bytes + run_bytes, sequence_bytes, sequence);
  const auto hash = signature_of_nonce(secret, bytes);
  std::copy_n(hash.begin(), signature_bytes, bytes.begin() + fact_bytes);
  return to_base64url(bytes);
}

std::optional<Nonce> Nonce::parse(std::string_view text, std::string_view secret) {
  const auto bytes = from_base64url(text);
  if (!bytes) return std::nullopt;
  const auto hash = signature_of_nonce(secret, *bytes);
  if (!base::equal_in_constant_time(text_of(hash.data(), signature_bytes),
                                    text_of(bytes->data() + fact_bytes, signature_bytes)))
    return std::nullopt;
  const std::uint8_t* at = bytes->data();
  return Nonce{.made = base::Instant(base::Duration(take(at, made_bytes))),
               .run = take(at + made_bytes, run_bytes),
               .sequence = take(at + made_bytes + run_bytes, sequence_bytes)};
}

}  // namespace rollcall::sip
