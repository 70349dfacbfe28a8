// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <thread>

#include <rollcall/sip/digest.hpp>

#include <doctest/doctest.h>

using namespace rollcall::sip;

namespace {

/// The credentials of RFC 7616 §3.9.1 for one algorithm.
DigestCredentials rfc7616(std::string_view algorithm, std::string_view response) {
  return {.username = "Mufasa",
          .realm = "http-auth@example.org",
          .nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
          .uri = "/dir/index.html",
          .response = response,
          .algorithm = algorithm,
          .cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
          .opaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
          .qop = "auth",
          .nc = "00000001"};
}

const Ha1 mufasa = Ha1::of("Mufasa", "http-auth@example.org", "Circle of Life");
constexpr std::string_view md5_response = "8ca523f5e9506fed4657c9700eebdbec";
constexpr std::string_view sha256_response =
    "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";

}  // namespace

TEST_CASE("digest: the MD5 example comes out right [RFC 7616 §3.9.1]") {
  CHECK(response_matches(rfc7616("MD5", md5_response), DigestAlgorithm::md5, mufasa, "GET"));
}

TEST_CASE("digest: the SHA-256 example comes out right [RFC 7616 §3.9.1]") {
  CHECK(response_matches(rfc7616("SHA-256", sha256_response), DigestAlgorithm::sha256, mufasa, "GET"));
}

TEST_CASE("digest: the older MD5 example comes out right [RFC 2617 §3.5]") {
  const DigestCredentials credentials{.username = "Mufasa",
                                      .realm = "testrealm@host.com",
                                      .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                                      .uri = "/dir/index.html",
                                      .response = "6629fae49393a05397450978507c4ef1",
                                      .algorithm = "",
                                      .cnonce = "0a4f113b",
                                      .opaque = "5ccc069c403ebaf9f0171e9517f40e41",
                                      .qop = "auth",
                                      .nc = "00000001"};
  const auto ha1 = Ha1::of("Mufasa", "testrealm@host.com", "Circle Of Life");
  CHECK(response_matches(credentials, DigestAlgorithm::md5, ha1, "GET"));
}

TEST_CASE("digest: a check after another one on the same thread is not disturbed by it") {
  for (int i = 0; i < 3; ++i) {
    CHECK(response_matches(rfc7616("MD5", md5_response), DigestAlgorithm::md5, mufasa, "GET"));
    CHECK(response_matches(rfc7616("SHA-256", sha256_response), DigestAlgorithm::sha256, mufasa, "GET"));
  }
}

TEST_CASE("digest: each thread can check") {
  bool right = false;
  std::thread([&right] {
    right = response_matches(rfc7616("SHA-256", sha256_response), DigestAlgorithm::sha256, mufasa, "GET");
  }).join();
  CHECK(right);
}

TEST_CASE("digest: another password, method, URI, nonce, count or cnonce does not match [RFC 7616 §3.4.1]") {
  const auto good = rfc7616("SHA-256", sha256_response);
  const auto matches = [](const DigestCredentials& credentials) {
    return response_matches(credentials, DigestAlgorithm::sha256, mufasa, "GET");
  };
  CHECK_FALSE(response_matches(good, DigestAlgorithm::sha256, mufasa, "PUT"));
  CHECK_FALSE(response_matches(good, DigestAlgorithm::sha256,
                               Ha1::of("Mufasa", "http-auth@example.org", "Circle Of Life"), "GET"));
  auto changed = good;
  changed.uri = "/dir/other.html";
  CHECK_FALSE(matches(changed));
  changed = good;
  changed.nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0w";
  CHECK_FALSE(matches(changed));
  changed = good;
  changed.nc = "00000002";
  CHECK_FALSE(matches(changed));
  changed = good;
  changed.cnonce = "f2";
  CHECK_FALSE(matches(changed));
}

TEST_CASE("digest: a response of the wrong length, algorithm or case does not match [RFC 8760 §2.2]") {
  const std::string right(sha256_response);
  const auto matches = [](std::string_view response) {
    return response_matches(rfc7616("SHA-256", response), DigestAlgorithm::sha256, mufasa, "GET");
  };
  CHECK(matches(right));
  CHECK_FALSE(matches(""));
  CHECK_FALSE(matches(md5_response));
  CHECK_FALSE(matches(right.substr(0, 63)));
  CHECK_FALSE(matches(right + "0"));
  CHECK_FALSE(matches(right + std::string(100'000, '0')));
  CHECK_FALSE(matches("753927FA0E85D155564E2E272A28D1802CA10DAF4496794697CF8DB5856CB6C1"));
  CHECK_FALSE(response_matches(rfc7616("MD5", sha256_response), DigestAlgorithm::md5, mufasa, "GET"));
}

TEST_CASE("digest: an old client's response without qop is over nonce and A2 alone [RFC 3261 §22.4 item 8]") {
  DigestCredentials credentials;
  credentials.username = "Mufasa";
  credentials.realm = "testrealm@host.com";
  credentials.nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
  credentials.uri = "/dir/index.html";
  credentials.response = "670fd8c2df070c60b045671b8b24ff02";
  const auto ha1 = Ha1::of("Mufasa", "testrealm@host.com", "Circle Of Life");
  CHECK(response_matches(credentials, DigestAlgorithm::md5, ha1, "GET"));
  CHECK_FALSE(response_matches(credentials, DigestAlgorithm::md5, ha1, "POST"));
  credentials.qop = "auth";
  credentials.nc = "00000001";
  credentials.cnonce = "0a4f113b";
  CHECK_FALSE(response_matches(credentials, DigestAlgorithm::md5, ha1, "GET"));
}

TEST_CASE("digest: with qop only auth, a count of eight digits and a cnonce are taken [RFC 8760 §2.6]") {
  const auto good = rfc7616("MD5", md5_response);
  const auto matches = [](const DigestCredentials& credentials) {
    return response_matches(credentials, DigestAlgorithm::md5, mufasa, "GET");
  };
  for (const std::string_view qop : {"auth-int", "auth,auth-int"}) {
    auto changed = good;
    changed.qop = qop;
    CHECK_FALSE(matches(changed));
  }
  for (const std::string_view nc : {"", "1", "0000000001"}) {
    auto changed = good;
    changed.nc = nc;
    CHECK_FALSE(matches(changed));
  }
  auto changed = good;
  changed.cnonce = "";
  CHECK_FALSE(matches(changed));
}

TEST_CASE("digest: what is kept of a password depends on user, realm and password") {
  const auto ha1 = Ha1::of("alice", "example.org", "secret");
  CHECK(ha1 == Ha1::of("alice", "example.org", "secret"));
  CHECK(ha1 != Ha1::of("bob", "example.org", "secret"));
  CHECK(ha1 != Ha1::of("alice", "example.com", "secret"));
  CHECK(ha1 != Ha1::of("alice", "example.org", "Secret"));
}

TEST_CASE("digest: algorithms go by their registered names, in any case [RFC 7616 §3.3, RFC 8760 §2.7]") {
  CHECK(to_string(DigestAlgorithm::sha256) == "SHA-256");
  CHECK(to_string(DigestAlgorithm::md5) == "MD5");
  CHECK(digest_algorithm_of("sha-256") == DigestAlgorithm::sha256);
  CHECK(digest_algorithm_of("md5") == DigestAlgorithm::md5);
  CHECK(digest_algorithm_of("") == DigestAlgorithm::md5);
  for (const std::string_view unknown : {"MD5-sess", "SHA-256-sess", "SHA-512-256", "SHA256", "MD"})
    CHECK_FALSE(digest_algorithm_of(unknown));
}

TEST_CASE("digest: a challenge names realm, nonce, algorithm and qop [RFC 7616 §3.3, RFC 8760 §2.6]") {
  CHECK(challenge("example.org", "abc", DigestAlgorithm::sha256, false) ==
        R"(Digest realm="example.org", nonce="abc", algorithm=SHA-256, qop="auth")");
  CHECK(challenge("example.org", "abc", DigestAlgorithm::md5, true) ==
        R"(Digest realm="example.org", nonce="abc", algorithm=MD5, qop="auth", stale=true)");
}

TEST_CASE("digest: a realm with a quote in it stays one quoted string [RFC 3261 §25.1]") {
  CHECK(challenge(R"(a"b\c)", "n", DigestAlgorithm::md5, false) ==
        R"(Digest realm="a\"b\\c", nonce="n", algorithm=MD5, qop="auth")");
}
