// SPDX-License-Identifier: Apache-2.0
#include "scanner.hpp"

#include <rollcall/sip/headers/auth.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::sip {

namespace {

struct CredentialRow {
  std::string_view name;
  std::string_view DigestCredentials::*value;
  bool needed;
};

constexpr CredentialRow rows[] = {
    {"username", &DigestCredentials::username, true}, {"realm", &DigestCredentials::realm, true},
    {"nonce", &DigestCredentials::nonce, true},       {"uri", &DigestCredentials::uri, true},
    {"response", &DigestCredentials::response, true}, {"algorithm", &DigestCredentials::algorithm, false},
    {"cnonce", &DigestCredentials::cnonce, false},    {"opaque", &DigestCredentials::opaque, false},
    {"qop", &DigestCredentials::qop, false},          {"nc", &DigestCredentials::nc, false},
};

/// The quotes go whether a parameter should have them or not: clients differ for qop and algorithm.
bool take_value(Scanner& in, std::string_view& value) {
  if (!in.next_is('"')) {
    value = in.token();
    return !value.empty();
  }
  const auto quoted = in.quoted_string();
  if (!quoted) return false;
  value = quoted->substr(1, quoted->size() - 2);
  return true;
}

}  // namespace

base::Result<DigestCredentials> DigestCredentials::parse(std::string_view value) {
  Scanner in(trim(value));
  if (!equal_ignoring_case(in.token(), "Digest"))
    return base::Error{base::ErrorCode::unsupported, "no Digest"};
  if (!in.skip_space()) return base::malformed("Digest without parameters");

  DigestCredentials credentials;
  unsigned seen = 0;
  do {
    const auto name = in.token();
    std::string_view text;
    if (name.empty() || !in.separator('=') || !take_value(in, text)) {
      return base::malformed("a broken digest parameter");
    }
    // Beside username, which must be there, it is an error (RFC 7616 §3.4).
    if (equal_ignoring_case(name, "username*")) return base::malformed("username*");
    for (unsigned i = 0; i < std::size(rows); ++i) {
      if (!equal_ignoring_case(rows[i].name, name)) continue;
      if ((seen & 1U << i) != 0) return base::malformed("a digest parameter that stands twice");
      seen |= 1U << i;
      credentials.*rows[i].value = text;
    }
  } while (in.separator(','));
  if (!trim(in.rest()).empty()) return base::malformed("rubbish after the digest parameters");

  for (unsigned i = 0; i < std::size(rows); ++i) {
    if (rows[i].needed && (seen & 1U << i) == 0) return base::malformed("a digest parameter is missing");
  }
  // With qop the client must count and salt (RFC 7616 §3.4).
  if (!credentials.qop.empty()) {
    if (credentials.cnonce.empty()) return base::malformed("qop without cnonce");
    if (credentials.nc.size() != 8 || !all_in(credentials.nc, hex_chars))
      return base::malformed("qop without a valid nc");
  }
  return credentials;
}

}  // namespace rollcall::sip
