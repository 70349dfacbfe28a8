// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <rollcall/base/result.hpp>

namespace rollcall::sip {

/// The credentials of an Authorization or Proxy-Authorization header with the Digest scheme
/// (RFC 3261 §20.7, §25.1; RFC 7616 §3.4). Views, quotes taken off; what has escapes inside stays
/// escaped, as the digest is made over the text between the quotes (RFC 7616 §3.4).
struct DigestCredentials {
  std::string_view username, realm, nonce, uri, response, algorithm, cnonce, opaque, qop, nc;

  /// Error malformed when a parameter is missing, doubled or broken; unsupported for another scheme.
  static base::Result<DigestCredentials> parse(std::string_view value);
};

}  // namespace rollcall::sip
