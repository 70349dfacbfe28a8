// SPDX-License-Identifier: Apache-2.0
#include "hash.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace rollcall::sip {

namespace {

struct Free {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// A hash of one thread.
class Hasher {
 public:
  explicit Hasher(const char* algorithm)
      : md_(EVP_MD_fetch(nullptr, algorithm, nullptr)), context_(EVP_MD_CTX_new()) {
    require(md_ && context_, algorithm);
    require(EVP_DigestInit_ex2(context_.get(), md_.get(), nullptr) == 1, algorithm);
  }

  template <class Hash>
  Hash operator()(std::initializer_list<std::string_view> parts) {
    Hash hash;
    // Without naming the algorithm again the context is only rewound, which is the cheap way.
    bool good = EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) == 1;
    for (const auto part : parts)
      good = good && EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1;
    good = good && EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr) == 1;
    require(good, "digest");
    return hash;
  }

 private:
  Owned<EVP_MD> md_;
  Owned<EVP_MD_CTX> context_;
};

/// HMAC of one thread. Setting a key costs two hashes: the last key stays set.
class Signer {
 public:
  Signer() : mac_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)), context_(EVP_MAC_CTX_new(mac_.get())) {
    require(mac_ && context_, "HMAC");
  }

  Sha256Hash operator()(std::string_view key, std::initializer_list<std::string_view> parts) {
    Sha256Hash hash;
    std::size_t size = 0;
    bool good = begin(key);
    for (const auto part : parts)
      good = good && EVP_MAC_update(context_.get(), bytes_of(part), part.size()) == 1;
    good = good && EVP_MAC_final(context_.get(), hash.data(), &size, hash.size()) == 1;
    require(good && size == hash.size(), "HMAC");
    return hash;
  }

 private:
  bool begin(std::string_view key) {
    if (has_key_ && key == key_) return EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1;
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    key_ = key;
    has_key_ = EVP_MAC_init(context_.get(), bytes_of(key), key.size(), params) == 1;
    return has_key_;
  }

  Owned<EVP_MAC> mac_;
  Owned<EVP_MAC_CTX> context_;
  std::string key_;
  bool has_key_ = false;
};

}  // namespace

Md5Hash md5(std::initializer_list<std::string_view> parts) {
  thread_local Hasher hasher("MD5");
  return hasher.operator()<Md5Hash>(parts);
}

Sha256Hash sha256(std::initializer_list<std::string_view> parts) {
  thread_local Hasher hasher("SHA256");
  return hasher.operator()<Sha256Hash>(parts);
}

Sha256Hash hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts) {
  thread_local Signer signer;
  return signer(key, parts);
}

}  // namespace rollcall::sip
