// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <unordered_map>

#include <rollcall/sip/uri.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

namespace {

base::Result<Aor> aor_of(std::string_view text) {
  const auto uri = Uri::parse(text);
  REQUIRE(uri.ok());
  return Aor::from(*uri);
}

}  // namespace

TEST_CASE("aor: every way to write an address is the same user") {
  for (const std::string_view text :
       {"sip:alice@example.com", "sips:alice@EXAMPLE.com", "sip:%61lice@Example.Com:5060;transport=tcp",
        "sip:alice:secret@example.com?x=y", "im:alice@example.com", "PRES:alice@example.com"}) {
    CAPTURE(text);
    const auto aor = aor_of(text);
    REQUIRE(aor.ok());
    CHECK(aor->text() == "alice@example.com");
    CHECK(aor->user() == "alice");
    CHECK(aor->domain() == "example.com");
    CHECK(aor->uri() == "sip:alice@example.com");
  }
}

TEST_CASE("aor: the user is case-sensitive [RFC 3261 §19.1.4]") {
  CHECK_FALSE(*aor_of("sip:Alice@example.com") == *aor_of("sip:alice@example.com"));
}

TEST_CASE("aor: a user may hold any character, and is escaped again in a URI [RFC 3261 §19.1.2]") {
  const auto aor = aor_of("sip:j%40s0n%20%C3%A4@example.com");
  REQUIRE(aor.ok());
  CHECK(aor->text() == "j@s0n \xc3\xa4@example.com");
  CHECK(aor->user() == "j@s0n \xc3\xa4");
  CHECK(aor->domain() == "example.com");
  CHECK(aor->uri() == "sip:j%40s0n%20%C3%A4@example.com");
  const auto back = aor_of(aor->uri());
  REQUIRE(back.ok());
  CHECK(*back == *aor);
  const auto kept = Aor::parse(aor->text());
  REQUIRE(kept.ok());
  CHECK(*kept == *aor);
  CHECK(kept->user() == aor->user());
}

TEST_CASE("aor: no user, a control character or bad UTF-8 is malformed, not cut short [RFC 4475 §3.1.1.4]") {
  for (const std::string_view text :
       {"sip:example.com", "sip:null-%00-null@example.com", "sip:a%0d%0ab@example.com",
        "sip:a%7fb@example.com", "sip:%ff@example.com", "sip:%C0%80@example.com", "tel:+12015550123",
        "isbn:1"}) {
    CAPTURE(text);
    CHECK_FALSE(aor_of(text).ok());
  }
}

TEST_CASE("aor: administrators write user@domain") {
  const auto aor = Aor::parse("Bob@Example.COM");
  REQUIRE(aor.ok());
  CHECK(aor->text() == "Bob@example.com");
  CHECK(Aor::parse("a@b@example.com").value().user() == "a@b");
  CHECK(Aor::parse("100%@example.com").value().uri() == "sip:100%25@example.com");
  for (const std::string_view text :
       {"", "bob", "@example.com", "bob@", "bob@exa mple", "bob@-x", "b\nob@example.com", "b\xff@x.y"}) {
    CAPTURE(text);
    CHECK_FALSE(Aor::parse(text).ok());
  }
}

TEST_CASE("aor: an empty one has empty parts") {
  const Aor none;
  CHECK(none.empty());
  CHECK(none.user().empty());
  CHECK(none.domain().empty());
}

TEST_CASE("aor: a map is searched by text without making an Aor") {
  std::unordered_map<Aor, int, AorHash> map;
  map.emplace(Aor::parse("a@b.com").value(), 1);
  CHECK(AorHash{}("a@b.com") == AorHash{}(Aor::parse("a@B.com").value()));
  CHECK(map.count(Aor::parse("a@B.com").value()) == 1);
}

}  // namespace rollcall::sip
