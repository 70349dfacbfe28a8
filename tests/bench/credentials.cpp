// SPDX-License-Identifier: Apache-2.0
#include "credentials.hpp"

#include "text.hpp"

#include <array>
#include <memory>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace bench {
namespace {

std::string md5_hex(std::string_view text) {
  // Looking the algorithm up costs more than the hash itself, so it is kept.
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "MD5", nullptr);
  static const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                               &EVP_MD_CTX_free);
  std::array<unsigned char, 16> digest{};
  EVP_DigestInit_ex2(context.get(), algorithm, nullptr);
  EVP_DigestUpdate(context.get(), text.data(), text.size());
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  std::string hex;
  for (const auto byte : digest)
    fmt::format_to(std::back_inserter(hex), "{:02x}", byte);
  return hex;
}

/// The value of the challenge whose algorithm is MD5, or which names none (that means MD5).
std::string_view find_md5_challenge(std::string_view response, std::string_view name) {
  for (auto rest = response;;) {
    const auto value = header(rest, name);
    if (value.empty()) return {};
    const auto algorithm = parameter(value, "algorithm");
    if (algorithm.empty() || algorithm == "MD5") return value;
    rest = rest.substr(static_cast<std::size_t>(value.data() - rest.data()) + value.size());
  }
}

}  // namespace

Credentials::Credentials(std::string user, std::string realm, std::string_view password)
    : user_(std::move(user)),
      realm_(std::move(realm)),
      ha1_(md5_hex(fmt::format("{}:{}:{}", user_, realm_, password))) {}

bool Credentials::take_challenge(std::string_view response) {
  auto value = find_md5_challenge(response, "WWW-Authenticate");
  to_proxy_ = value.empty();
  if (to_proxy_) value = find_md5_challenge(response, "Proxy-Authenticate");
  nonce_ = parameter(value, "nonce");
  opaque_ = parameter(value, "opaque");
  count_ = 0;
  return !nonce_.empty();
}

std::string Credentials::header_line(std::string_view method, std::string_view uri) {
  const auto count = fmt::format("{:08x}", ++count_);
  const auto ha2 = md5_hex(fmt::format("{}:{}", method, uri));
  const auto response = md5_hex(fmt::format("{}:{}:{}:load:auth:{}", ha1_, nonce_, count, ha2));
  return fmt::format(
      "{}: Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{}\", response=\"{}\", algorithm=MD5, "
      "qop=auth, nc={}, cnonce=\"load\"{}\r\n",
      to_proxy_ ? "Proxy-Authorization" : "Authorization", user_, realm_, nonce_, uri, response, count,
      opaque_.empty() ? "" : fmt::format(", opaque=\"{}\"", opaque_));
}

}  // namespace bench
