// SPDX-License-Identifier: Apache-2.0
#include "cache.hpp"

#include <string>

#include <doctest/doctest.h>
#include <support/people.hpp>

using namespace rollcall;
using xdm::Cache;

namespace {

const sip::Aor alice = *sip::Aor::parse("alice@example.org");  // before the tests run: without their checks

model::Document document(const std::string& path, const std::string& body, const sip::Aor& owner = alice) {
  return {owner, path, "\"" + body + "\"", body, base::Instant(base::Duration(7)), {}};
}

engine::DocumentRow row(const model::Document& of) {
  return {of.path, of.etag, of.body.size(), of.updated};
}

}  // namespace

TEST_CASE("cache: it knows what it was given, and whether there is more only when it was given all") {
  const base::Limits limits;
  Cache cache(limits);
  const auto a = document("a", "1"), b = document("b", "2");
  CHECK_FALSE(cache.find(alice, "a"));
  cache.keep(a, cache.ticket(alice));
  CHECK(*cache.find(alice, "a") == a);
  CHECK_FALSE(cache.find(alice, "b"));
  CHECK_FALSE(cache.rows(alice));
  cache.keep(alice, {row(a), row(b)}, cache.ticket(alice));
  CHECK(cache.rows(alice) == std::vector{row(a), row(b)});
  CHECK_FALSE(cache.find(alice, "b"));  // it is there, and its body was not read
  const auto missing = cache.find(alice, "c");
  REQUIRE(missing);
  CHECK_FALSE(*missing);
}

TEST_CASE("cache: it follows what is committed, for those whom it knows") {
  const base::Limits limits;
  Cache cache(limits);
  const auto old = document("a", "1"), changed = document("a", "22");
  cache.apply(model::SaveDocument{old});
  CHECK_FALSE(cache.find(alice, "a"));
  cache.keep(alice, {}, cache.ticket(alice));
  cache.apply(model::SaveDocument{old});
  cache.apply(model::SaveDocument{changed});
  CHECK(*cache.find(alice, "a") == changed);
  CHECK(cache.rows(alice) == std::vector{row(changed)});
  cache.apply(model::RemoveDocument{alice, "a"});
  CHECK(cache.rows(alice)->empty());
  cache.apply(model::RemoveUser{alice});
  CHECK_FALSE(cache.rows(alice));
}

TEST_CASE("cache: what was read before a change does not overwrite the change") {
  const base::Limits limits;
  Cache cache(limits);
  const auto before = cache.ticket(alice);
  cache.apply(model::SaveDocument{document("a", "new")});
  cache.keep(document("a", "old"), before);
  cache.keep(alice, {row(document("a", "old"))}, before);
  CHECK_FALSE(cache.find(alice, "a"));
  CHECK_FALSE(cache.rows(alice));
}

TEST_CASE("cache: what was not used for the longest time makes room") {
  base::Limits limits;
  limits.document_cache_bytes = 160'000;  // of which each sixteenth is for a part of the users
  Cache cache(limits);
  const std::string body(2'000, 'x');
  std::vector<sip::Aor> owners;
  for (int i = 0; i < 500; ++i) {
    owners.push_back(tests::aor("u" + std::to_string(i) + "@example.org"));
    cache.keep(document("a", body, owners.back()), cache.ticket(owners.back()));
    CHECK(cache.find(owners.front(), "a"));  // used all the time
  }
  std::size_t known = 0;
  for (const sip::Aor& owner : owners)
    known += cache.find(owner, "a") ? 1 : 0;
  CHECK(known > 16);
  CHECK(known <= 80);
}
