// SPDX-License-Identifier: Apache-2.0
#include "credentials.hpp"

#include <array>
#include <memory>

#include <openssl/evp.h>

namespace bench {
namespace {

using Hex = std::array<char, 32>;

std::string_view view(const Hex& hex) {
  return {hex.data(), hex.size()};
}

template <std::size_t size>
void write_hex(char* text, const std::array<unsigned char, size>& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const auto byte : bytes) {
    *text++ = digits[byte >> 4];
    *text++ = digits[byte & 15];
  }
}

/// MD5 of the parts, with colons between them.
template <class... Parts>
Hex md5(const Parts&... parts) {
  // Looking the algorithm up costs more than the hash itself, so it is kept, and so is the memory.
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "MD5", nullptr);
  static const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                               &EVP_MD_CTX_free);
  static std::string text;
  text.clear();
  (put(text, parts, ':'), ...);
  std::array<unsigned char, 16> digest{};
  EVP_DigestInit_ex2(context.get(), algorithm, nullptr);
  EVP_DigestUpdate(context.get(), text.data(), text.size() - 1);
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  Hex hex{};
  write_hex(hex.data(), digest);
  return hex;
}

std::array<char, 8> hex_of(std::uint32_t number) {
  std::array<char, 8> hex{};
  write_hex(hex.data(),
            std::array{static_cast<unsigned char>(number >> 24), static_cast<unsigned char>(number >> 16),
                       static_cast<unsigned char>(number >> 8), static_cast<unsigned char>(number)});
  return hex;
}

/// The challenge whose algorithm is MD5, or which names none (that means MD5).
std::string_view md5_challenge(const Lines& challenges) {
  for (const auto challenge : challenges) {
    const auto algorithm = parameter(challenge, "algorithm");
    if (algorithm.empty() || algorithm == "MD5") return challenge;
  }
  return {};
}

}  // namespace

Credentials::Credentials(std::string user, std::string realm, std::string_view password)
    : user_(std::move(user)), realm_(std::move(realm)), ha1_(view(md5(user_, realm_, password))) {}

bool Credentials::take_challenge(const Message& response) {
  const auto challenge = md5_challenge(response.challenges);
  to_proxy_ = response.status == 407;
  nonce_ = parameter(challenge, "nonce");
  opaque_ = parameter(challenge, "opaque");
  count_ = 0;
  return !nonce_.empty();
}

void Credentials::write(std::string& text, std::string_view method, std::string_view uri) {
  const auto digits = hex_of(++count_);
  const std::string_view count(digits.data(), digits.size());
  const auto ha2 = md5(method, uri);
  const auto response = md5(ha1_, nonce_, count, "load", "auth", view(ha2));
  put(text, to_proxy_ ? "Proxy-Authorization" : "Authorization", ": Digest username=\"", user_,
      "\", realm=\"", realm_, "\", nonce=\"", nonce_, "\", uri=\"", uri, "\", response=\"", view(response),
      "\", algorithm=MD5, qop=auth, nc=", count, ", cnonce=\"load\"");
  if (!opaque_.empty()) put(text, ", opaque=\"", opaque_, '"');
  put(text, "\r\n");
}

}  // namespace bench
