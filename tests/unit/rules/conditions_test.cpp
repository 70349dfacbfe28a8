// SPDX-License-Identifier: Apache-2.0
#include "questions.hpp"

#include <string>

using namespace rollcall;
using namespace std::chrono_literals;
using tests::matches;
using tests::noon;
using tests::one;

namespace {

std::string many(std::string_view attributes, std::string_view children = {}) {
  return "<cp:identity><cp:many " + std::string(attributes) + ">" + std::string(children) +
         "</cp:many></cp:identity>";
}

std::string period(base::Instant from, base::Instant until) {
  return "<cp:from>" + base::to_rfc3339(from) + "</cp:from><cp:until>" + base::to_rfc3339(until) +
         "</cp:until>";
}

std::string validity(std::string_view periods) {
  return "<cp:validity>" + std::string(periods) + "</cp:validity>";
}

}  // namespace

TEST_CASE("conditions: one matches exactly one identity [RFC 4745 §7.1.2]") {
  CHECK(matches(one("sip:bob@example.com"), {{"sip:bob@example.com"}}));
  CHECK(matches(one("pres:bob@example.com"), {{"sip:bob@example.com"}}));
  CHECK_FALSE(matches(one("sip:bob@example.com"), {{"sip:carol@example.com"}}));
  CHECK_FALSE(matches(one("sip:bob@example.com"), {}));
  CHECK_FALSE(matches(one("nonsense"), {{"sip:bob@example.com"}}));
}

TEST_CASE("conditions: one that has a domain or something unknown in it matches nobody [RFC 4745 §7.2]") {
  CHECK_FALSE(matches("<cp:identity><cp:one id=\"sip:bob@a\" domain=\"a\"/></cp:identity>", {{"sip:bob@a"}}));
  CHECK_FALSE(
      matches("<cp:identity><cp:one id=\"sip:bob@a\"><x:at-work/></cp:one></cp:identity>", {{"sip:bob@a"}}));
  CHECK_FALSE(matches("<cp:identity><cp:one/></cp:identity>", {{"sip:bob@a"}}));
}

TEST_CASE("conditions: each asserted identity of a watcher counts [RFC 5025 §3.1.1.2]") {
  CHECK(matches(one("tel:+1-212"), {{"sip:bob@example.com", "tel:+1212"}}));
  CHECK_FALSE(matches(many("", "<cp:except id=\"tel:+1212\"/>"), {{"sip:bob@example.com", "tel:+1212"}}));
  CHECK_FALSE(matches(many("domain=\"a\"", "<cp:except id=\"tel:+1212\"/>"), {{"sip:bob@a", "tel:+1212"}}));
}

TEST_CASE("conditions: many without a domain matches whoever is authenticated [RFC 4745 §7.1.3.1]") {
  CHECK(matches("<cp:identity><cp:many/></cp:identity>", {{"sip:bob@example.com"}}));
  CHECK(matches("<cp:identity><cp:many/></cp:identity>", {{"tel:+1212"}}));
  CHECK_FALSE(matches("<cp:identity><cp:many/></cp:identity>", {}));
}

TEST_CASE("conditions: many with a domain matches those of that domain only [RFC 4745 §7.1.3.3]") {
  CHECK(matches(many("domain=\"Example.com\""), {{"sip:bob@EXAMPLE.COM"}}));
  CHECK_FALSE(matches(many("domain=\"example.com\""), {{"sip:bob@a.example.com"}}));
  CHECK_FALSE(matches(many("domain=\"\""), {{"sip:bob@example.com"}}));
  CHECK_FALSE(matches(many("domain=\"\""), {{"tel:+1212"}}));
  CHECK_FALSE(matches(many("domain=\"example.com\""), {{"tel:+1212"}}));
}

TEST_CASE("conditions: an exception excludes, by identity or by domain [RFC 4745 §7.1.3.2]") {
  const auto but_bob = many("", "<cp:except id=\"sips:bob@example.com\"/>");
  CHECK(matches(but_bob, {{"sip:carol@example.com"}}));
  CHECK_FALSE(matches(but_bob, {{"sip:bob@example.com"}}));
  const auto but_domain = many("", "<cp:except domain=\"example.com\"/><cp:except domain=\"example.org\"/>");
  CHECK(matches(but_domain, {{"sip:bob@example.net"}}));
  CHECK_FALSE(matches(but_domain, {{"sip:bob@example.com"}}));
  CHECK_FALSE(matches(but_domain, {{"sip:bob@example.org"}}));
}

TEST_CASE("conditions: an exception that cannot be read excludes everybody") {
  for (const auto* except :
       {"<cp:except id=\"nonsense\"/>", "<cp:except/>", "<cp:except domain=\"b\xC3\xBC\"/>", "<x:except/>",
        "<cp:except id=\"sip:a@a\" domain=\"\"/>", "<cp:unless id=\"sip:a@a\"/>"}) {
    CAPTURE(except);
    CHECK_FALSE(matches(many("", except), {{"sip:bob@example.com"}}));
    CHECK_FALSE(matches(many("domain=\"example.com\"", except), {{"sip:bob@example.com"}}));
  }
}

TEST_CASE("conditions: children of identity are combined by or, several identities by and [RFC 4745 §7]") {
  const std::string either =
      "<cp:identity><cp:one id=\"sip:a@a\"/><x:friend/><cp:many domain=\"b\"/></cp:identity>";
  CHECK(matches(either, {{"sip:a@a"}}));
  CHECK(matches(either, {{"sip:b@b"}}));
  CHECK_FALSE(matches(either, {{"sip:b@a"}}));
  CHECK(matches(either + one("sip:b@b"), {{"sip:b@b"}}));
  CHECK_FALSE(matches(either + one("sip:b@b"), {{"sip:a@a"}}));
}

TEST_CASE("conditions: an unknown condition makes the rule not match [RFC 4745 §7]") {
  CHECK_FALSE(matches(one("sip:a@a") + "<x:at-full-moon/>", {{"sip:a@a"}}));
  CHECK_FALSE(matches(one("sip:a@a") + "<cp:moon/>", {{"sip:a@a"}}));
  CHECK_FALSE(matches("<cp:identity><x:friend/></cp:identity>", {{"sip:a@a"}}));
  CHECK_FALSE(matches("<cp:identity><x:friend/></cp:identity>", {}));
  CHECK_FALSE(matches("<one xmlns=\"\" id=\"sip:a@a\"/>", {{"sip:a@a"}}));
}

TEST_CASE("conditions: a rule without conditions matches everybody [RFC 4745 §7, erratum 5208]") {
  CHECK(matches("", {{"sip:a@a"}}));
  CHECK(matches("", {}));
  const auto ruleset = tests::read_rules_text(tests::ruleset_text("<cp:rule id=\"r\"/>"));
  CHECK(tests::ask(ruleset, {}).matched);
}

TEST_CASE(
    "conditions: an empty identity matches who is not authenticated, and only him [RFC 5025 §3.1.1.2]") {
  CHECK(matches("<cp:identity/>", {}));
  CHECK_FALSE(matches("<cp:identity/>", {{"sip:a@a"}}));
}

TEST_CASE("conditions: a sphere is compared without case, one of its words is enough [RFC 4745 §7.3]") {
  const std::string home_or_work = "<cp:sphere value=\"Home  work\"/>";
  CHECK(matches(home_or_work, {{"sip:a@a"}, "home"}));
  CHECK(matches(home_or_work, {{"sip:a@a"}, "WORK"}));
  CHECK_FALSE(matches(home_or_work, {{"sip:a@a"}, "home work"}));
  CHECK_FALSE(matches(home_or_work, {{"sip:a@a"}, ""}));
  CHECK_FALSE(matches("<cp:sphere value=\"\"/>", {{"sip:a@a"}, ""}));
  CHECK_FALSE(matches("<cp:sphere/>", {{"sip:a@a"}, "home"}));
  CHECK_FALSE(matches(home_or_work + "<cp:sphere value=\"work\"/>", {{"sip:a@a"}, "home"}));
}

TEST_CASE("conditions: a period holds from its start and before its end [RFC 4745 §7.4]") {
  const auto hour = validity(period(noon, noon + 1h));
  CHECK_FALSE(matches(hour, {{"sip:a@a"}, "", noon - 1us}));
  CHECK(matches(hour, {{"sip:a@a"}, "", noon}));
  CHECK(matches(hour, {{"sip:a@a"}, "", noon + 1h - 1us}));
  CHECK_FALSE(matches(hour, {{"sip:a@a"}, "", noon + 1h}));
}

TEST_CASE("conditions: one of several periods is enough, several validities must all hold [RFC 4745 §7.4]") {
  const auto two = validity(period(noon, noon + 1h) + period(noon + 2h, noon + 3h));
  CHECK(matches(two, {{"sip:a@a"}, "", noon + 30min}));
  CHECK_FALSE(matches(two, {{"sip:a@a"}, "", noon + 90min}));
  CHECK(matches(two, {{"sip:a@a"}, "", noon + 150min}));
  const auto both = two + validity(period(noon, noon + 2h));
  CHECK(matches(both, {{"sip:a@a"}, "", noon + 30min}));
  CHECK_FALSE(matches(both, {{"sip:a@a"}, "", noon + 150min}));
}

TEST_CASE("conditions: what is no pair of times is no period [RFC 4745 §7.4]") {
  const auto from = "<cp:from>" + base::to_rfc3339(noon - 1h) + "</cp:from>";
  const auto until = "<cp:until>" + base::to_rfc3339(noon + 1h) + "</cp:until>";
  CHECK(matches(validity(from + until), {{"sip:a@a"}}));
  CHECK_FALSE(matches(validity(""), {{"sip:a@a"}}));
  CHECK_FALSE(matches(validity(from), {{"sip:a@a"}}));
  CHECK_FALSE(matches(validity(until), {{"sip:a@a"}}));
  CHECK_FALSE(matches(validity(until + from), {{"sip:a@a"}}));
  CHECK_FALSE(matches(validity(from + "<x:but/>" + until), {{"sip:a@a"}}));
  CHECK_FALSE(matches(validity("<cp:from>2000-01-01T00:00:00</cp:from>" + until), {{"sip:a@a"}}));
  CHECK_FALSE(matches(validity(from + "<cp:until>9999-99-99T00:00:00Z</cp:until>"), {{"sip:a@a"}}));
  CHECK_FALSE(matches(validity(period(noon + 1h, noon - 1h)), {{"sip:a@a"}}));
}
