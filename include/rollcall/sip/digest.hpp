// SPDX-License-Identifier: Apache-2.0
// Digest authentication (RFC 8760, RFC 7616, RFC 3261 §22): what needs no table and no user.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/base/clock.hpp>
#include <rollcall/sip/headers/auth.hpp>

namespace rollcall::sip {

enum class DigestAlgorithm : std::uint8_t { sha256, md5 };

/// "SHA-256", "MD5"; from an algorithm parameter in any case, "" meaning MD5 (RFC 7616 §3.3).
std::string_view to_string(DigestAlgorithm algorithm);
std::optional<DigestAlgorithm> digest_algorithm_of(std::string_view name);

/// H(username:realm:password) for both algorithms: all that is kept of a password.
struct Ha1 {
  std::array<std::uint8_t, 16> md5{};
  std::array<std::uint8_t, 32> sha256{};

  static Ha1 of(std::string_view username, std::string_view realm, std::string_view password);
  friend bool operator==(const Ha1&, const Ha1&) = default;
};

/// Are these credentials the right ones for the request's method? Only qop=auth is taken, and no qop
/// at all from old clients (RFC 3261 §22.4 item 8): these have no count, so whoever asks must let
/// each nonce serve once. Compares in constant time. Any thread; hash contexts are kept by the thread.
bool response_matches(const DigestCredentials& credentials, DigestAlgorithm algorithm, const Ha1& ha1,
                      std::string_view method);

/// Keyed hash for tokens that only we can make (nonces, flow tokens): HMAC-SHA-256 over `text`, its
/// first 16 bytes in hexadecimal. `purpose` keeps the kinds apart.
std::string sign(std::string_view secret, std::string_view purpose, std::string_view text);

/// SHA-256 over a text, its first 16 bytes in hexadecimal: names what is long, and proves nothing.
std::string fingerprint(std::string_view text);

/// A nonce says when it was made and in which run of the server, and is signed: it needs no table
/// and cannot be forged. `sequence` makes it unique.
struct Nonce {
  base::Instant made{};
  std::uint64_t run = 0;
  std::uint64_t sequence = 0;

  /// The text that goes into a challenge.
  [[nodiscard]] std::string to_string(std::string_view secret) const;
  /// nullopt: not one of ours.
  static std::optional<Nonce> parse(std::string_view text, std::string_view secret);
};

/// The value of one WWW-Authenticate or Proxy-Authenticate header with qop="auth".
std::string challenge(std::string_view realm, std::string_view nonce, DigestAlgorithm algorithm, bool stale);

}  // namespace rollcall::sip
