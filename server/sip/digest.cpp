// SPDX-License-Identifier: Apache-2.0
#include "hash.hpp"

#include <rollcall/base/ids.hpp>
#include <rollcall/sip/digest.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::sip {

std::string_view to_string(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::sha256 ? "SHA-256" : "MD5";
}

std::optional<DigestAlgorithm> digest_algorithm_of(std::string_view name) {
  if (name.empty()) return DigestAlgorithm::md5;
  for (const auto algorithm : {DigestAlgorithm::sha256, DigestAlgorithm::md5})
    if (equal_ignoring_case(name, to_string(algorithm))) return algorithm;
  return std::nullopt;
}

/// A1 of RFC 7616 §3.4.2.
Ha1 Ha1::of(std::string_view username, std::string_view realm, std::string_view password) {
  return {.md5 = sip::md5({username, ":", realm, ":", password}),
          .sha256 = sip::sha256({username, ":", realm, ":", password})};
}

/// RFC 7616 §3.4.1 for qop=auth: KD(H(A1), nonce:nc:cnonce:qop:H(A2)), with A2 of §3.4.3. Without
/// qop, from clients that know the oldest form only: KD(H(A1), nonce:H(A2)) (RFC 2617 §3.2.2.1).
template <class H>
static bool response_is(H hash, const decltype(hash({}))& ha1, const DigestCredentials& credentials,
                        std::string_view method) {
  const Hex a1(ha1);
  const Hex a2(hash({method, ":", credentials.uri}));
  const Hex expected(credentials.qop.empty()
                         ? hash({a1.view(), ":", credentials.nonce, ":", a2.view()})
                         : hash({a1.view(), ":", credentials.nonce, ":", credentials.nc, ":",
                                 credentials.cnonce, ":", credentials.qop, ":", a2.view()}));
  return base::equal_in_constant_time(expected.view(), credentials.response);
}

bool response_matches(const DigestCredentials& credentials, DigestAlgorithm algorithm, const Ha1& ha1,
                      std::string_view method) {
  if (!credentials.qop.empty()) {
    if (!equal_ignoring_case(credentials.qop, "auth")) return false;
    if (credentials.nc.size() != 8 || credentials.cnonce.empty()) return false;
  }
  return algorithm == DigestAlgorithm::sha256 ? response_is(sha256, ha1.sha256, credentials, method)
                                              : response_is(md5, ha1.md5, credentials, method);
}

/// RFC 7616 §3.3, with the qop that RFC 8760 §2.6 item 8 asks for.
std::string challenge(std::string_view realm, std::string_view nonce, DigestAlgorithm algorithm, bool stale) {
  std::string value;
  value.reserve(realm.size() + nonce.size() + 80);
  value.append("Digest realm=").append(quote(realm)).append(", nonce=\"").append(nonce);
  value.append("\", algorithm=").append(to_string(algorithm)).append(", qop=\"auth\"");
  return value.append(stale ? ", stale=true" : "");
}

}  // namespace rollcall::sip
