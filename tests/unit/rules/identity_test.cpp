// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <rollcall/rules/identity.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using rules::Identity;

namespace {

bool same(std::string_view a, std::string_view b) {
  const auto left = Identity::parse(a), right = Identity::parse(b);
  REQUIRE(left.ok());
  REQUIRE(right.ok());
  return *left == *right;
}

}  // namespace

TEST_CASE("identity: sip, sips, pres and im URIs of one account are one identity") {
  CHECK(same("sip:alice@example.com", "sips:alice@example.com"));
  CHECK(same("sip:alice@example.com", "pres:alice@example.com"));
  CHECK(same("sip:alice@example.com", "im:alice@example.com"));
  CHECK(same("sip:alice@example.com", "alice@example.com"));
  CHECK(same("sip:alice@example.com", " SIP:alice@EXAMPLE.com;transport=tcp\n"));
  CHECK(same("sip:%61lice@example.com", "sip:alice@example.com:5070"));
}

TEST_CASE("identity: the user is compared with its case, the domain is not searched in") {
  CHECK_FALSE(same("sip:alice@example.com", "sip:Alice@example.com"));
  CHECK_FALSE(same("sip:alice@example.com", "sip:alice@a.example.com"));
  CHECK_FALSE(same("sip:alice@example.com", "sip:alice@example.org"));
  CHECK_FALSE(same("sip:example.com", "sip:alice@example.com"));
}

TEST_CASE("identity: an AOR is the same identity as its URI, whatever is in its user") {
  for (const auto* text : {"alice@example.com", "a b@example.com", "100%@example.com", "a&'<@example.com",
                           "j\xC3\xBCrgen@example.com", "x@y@example.com"}) {
    CAPTURE(text);
    const auto aor = sip::Aor::parse(text);
    REQUIRE(aor.ok());
    const auto read = Identity::parse(aor->uri());
    REQUIRE(read.ok());
    CHECK(*read == Identity(*aor));
    CHECK(read->domain() == "example.com");
  }
}

TEST_CASE("identity: a tel URI is compared by its digits and parameters [RFC 3966 §4]") {
  CHECK(same("tel:+1-212-555-1234", "tel:+12125551234"));
  CHECK(same("tel:863-1234;phone-context=+1-914-555", "tel:8631234;PHONE-CONTEXT=+1914555"));
  CHECK(same("tel:+1;ext=12;isub=3", "tel:+1;isub=3;ext=1-2"));
  CHECK_FALSE(same("tel:+12125551234", "tel:+12125551235"));
  CHECK_FALSE(same("tel:+1;ext=12", "tel:+1"));
}

TEST_CASE("identity: a SIP URI with a number is never the tel URI of that number [RFC 5025 §3.1.1.2]") {
  CHECK_FALSE(same("tel:+12125551234", "sip:+12125551234@example.com;user=phone"));
  CHECK(Identity::parse("tel:+12125551234")->domain().empty());
}

TEST_CASE("identity: other schemes are compared as text, and have a domain when they name one") {
  CHECK(same("mailto:bob@example.net", "MAILTO:bob@Example.NET"));
  CHECK(same("mailto:bob@example.net", "mailto:bob@example.net?subject=hello"));
  CHECK_FALSE(same("mailto:bob@example.net", "sip:bob@example.net"));
  CHECK(Identity::parse("mailto:bob@Example.NET")->domain() == "example.net");
  CHECK(Identity::parse("http://example.com/bob")->domain().empty());
}

TEST_CASE("identity: no other account can be spelled so that it equals one of another scheme") {
  CHECK_FALSE(same("sip:mailto%3Abob@example.net", "mailto:bob@example.net"));
  CHECK_FALSE(same("sip:tel%3A%2B1@example.net", "tel:+1"));
}

TEST_CASE("identity: an IRI is the URI that it stands for [RFC 3987 §3.1]") {
  CHECK(same("sip:j\xC3\xBCrgen@example.com", "sip:j%C3%BCrgen@example.com"));
}

TEST_CASE("identity: what is no URI is refused") {
  for (const auto* text : {"", " ", "alice", "@example.com", "alice@", "sip:", "sip:@example.com", "tel:abc",
                           "sip:a b@example.com", "sip:j\xC3@example.com", "sip:a@b\xC3\xBC.example", ":",
                           "sip:%00@example.com"}) {
    CAPTURE(text);
    CHECK_FALSE(Identity::parse(text).ok());
  }
}

TEST_CASE("identity: a domain is unescaped, in lower case and ASCII [RFC 4745 §7.1.3]") {
  CHECK(rules::canonical_domain("Example.COM") == "example.com");
  CHECK(rules::canonical_domain("ex%61mple.com") == "example.com");
  CHECK_FALSE(rules::canonical_domain("").has_value());
  CHECK_FALSE(rules::canonical_domain("b\xC3\xBC"
                                      "cher.example")
                  .has_value());
  CHECK_FALSE(rules::canonical_domain("a b").has_value());
}

TEST_CASE("identity: a URN is compared without case where it has none") {
  CHECK(rules::canonical_uri("URN:UUID:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6") ==
        "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  CHECK(rules::canonical_uri("URN:X-Mac:0003BA48") == "urn:x-mac:0003BA48");
  CHECK(rules::canonical_uri("no uri") == "no uri");
}
