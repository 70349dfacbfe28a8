// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

/// A user's answers to Digest challenges: MD5, qop=auth (RFC 7616 §3.4).
class Credentials {
 public:
  Credentials(std::string user, std::string realm, std::string_view password);

  /// Takes the nonce of a 401 or 407. False: there is no MD5 challenge in it.
  bool take_challenge(const Message& response);
  [[nodiscard]] bool has_nonce() const { return !nonce_.empty(); }
  void forget_nonce() { nonce_.clear(); }

  /// Appends the whole header line with its CRLF; each call counts nc up.
  void write(std::string& text, std::string_view method, std::string_view uri);

 private:
  std::string user_, realm_, ha1_;
  std::string nonce_, opaque_;
  bool to_proxy_ = false;
  std::uint32_t count_ = 0;
};

}  // namespace bench
