// SPDX-License-Identifier: Apache-2.0
#include "hash.hpp"

#include <set>
#include <string>
#include <string_view>

#include <rollcall/sip/digest.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using namespace std::chrono_literals;
using sip::Nonce;

namespace {

constexpr std::string_view secret = "a secret of thirty-two bytes ...";
const Nonce example{
    .made = base::Instant(1'764'000'000'123'456us), .run = 0x0123456789abcdef, .sequence = 42};

bool same(const Nonce& a, const Nonce& b) {
  return a.made == b.made && a.run == b.run && a.sequence == b.sequence;
}

}  // namespace

TEST_CASE("nonce: what goes in comes out") {
  const auto back = Nonce::parse(example.to_string(secret), secret);
  REQUIRE(back);
  CHECK(same(*back, example));
}

TEST_CASE("nonce: the largest and smallest values come out as well") {
  for (const Nonce& nonce :
       {Nonce{},
        Nonce{.made = base::Instant(base::Duration((1LL << 56) - 1)), .run = ~0ULL, .sequence = ~0ULL}}) {
    const auto back = Nonce::parse(nonce.to_string(secret), secret);
    REQUIRE(back);
    CHECK(same(*back, nonce));
  }
}

TEST_CASE("nonce: the text is short and needs no escapes in a quoted string [RFC 7616 §3.3]") {
  const auto text = example.to_string(secret);
  CHECK(text.size() == 52);
  CHECK(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
        std::string::npos);
}

TEST_CASE("nonce: each one is another text") {
  std::set<std::string> texts;
  for (std::uint64_t sequence = 0; sequence < 1000; ++sequence)
    texts.insert(Nonce{.made = example.made, .run = example.run, .sequence = sequence}.to_string(secret));
  CHECK(texts.size() == 1000);
}

TEST_CASE("nonce: a change of any character is noticed [RFC 7616 §5.4]") {
  const auto good = example.to_string(secret);
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char other : {'A', 'b', '7', '-', '_', '=', ' ', '\0', '\x80', '\xff'}) {
      auto forged = good;
      forged[at] = other;
      if (forged != good) CHECK_FALSE(Nonce::parse(forged, secret));
    }
  }
}

TEST_CASE("nonce: a wrong length is no nonce") {
  const auto good = example.to_string(secret);
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(Nonce::parse(good.substr(0, size), secret));
  CHECK_FALSE(Nonce::parse(good + "A", secret));
  CHECK_FALSE(Nonce::parse(good + good, secret));
  CHECK_FALSE(Nonce::parse(std::string(100'000, 'A'), secret));
}

TEST_CASE("nonce: another server's nonce is none of ours") {
  CHECK_FALSE(Nonce::parse(example.to_string("another secret"), secret));
  CHECK_FALSE(Nonce::parse(example.to_string(""), secret));
}

TEST_CASE("sign: 32 hexadecimal digits that depend on secret, purpose and text") {
  const auto token = sip::sign(secret, "flow", "udp:192.0.2.1:5060");
  CHECK(token.size() == 32);
  CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(token == sip::sign(secret, "flow", "udp:192.0.2.1:5060"));
  CHECK(token != sip::sign("other", "flow", "udp:192.0.2.1:5060"));
  CHECK(token != sip::sign(secret, "nonce", "udp:192.0.2.1:5060"));
  CHECK(token != sip::sign(secret, "flow", "udp:192.0.2.1:5061"));
}

TEST_CASE("sign: purpose and text do not flow into each other") {
  CHECK(sip::sign(secret, "ab", "c") != sip::sign(secret, "a", "bc"));
}

TEST_CASE("hash: HMAC-SHA-256 gives the known values, also when keys alternate [RFC 4231 §4.2, §4.3]") {
  for (int i = 0; i < 3; ++i) {
    CHECK(sip::Hex(sip::hmac_sha256(std::string(20, '\x0b'), {"Hi ", "There"})).view() ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    for (int again = 0; again < 2; ++again)
      CHECK(sip::Hex(sip::hmac_sha256("Jefe", {"what do ya want ", "for nothing?"})).view() ==
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }
}

TEST_CASE("hash: the empty text has the known hashes [RFC 1321 §A.5, RFC 8760 §2.6]") {
  CHECK(sip::Hex(sip::md5({})).view() == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(sip::Hex(sip::sha256({""})).view() ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
