// SPDX-License-Identifier: Apache-2.0
#include "policy_schema.hpp"
#include "questions.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>

using namespace rollcall;
using rules::Handling;
using rules::Ruleset;
using tests::ask;
using tests::one;
using tests::Question;
using tests::rule_text;
using tests::ruleset_text;

namespace {

/// The document that an RFC prints; it is valid.
Ruleset printed(const std::string& name) {
  const auto text = tests::read_data("policy/" + name);
  REQUIRE_FALSE(text.empty());
  CHECK(tests::policy_faults(text) == "");
  return tests::read_rules_text(text);
}

bool matches(const Ruleset& ruleset, const Question& question) {
  return ask(ruleset, question).matched;
}

base::ErrorCode refusal(const std::string& text, const rules::RulesetBounds& bounds = {}) {
  const auto ruleset = Ruleset::parse(text, bounds);
  REQUIRE_FALSE(ruleset.ok());
  CHECK_FALSE(ruleset.error().detail.empty());
  return ruleset.error().code;
}

base::Instant at(std::string_view day, int hour) {
  return base::Instant(std::chrono::sys_days(std::chrono::year(2003) / 12 / (day == "eve" ? 24 : 23)) +
                       std::chrono::hours(hour));
}

std::string repeat(std::string_view text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i)
    repeated += text;
  return repeated;
}

}  // namespace

TEST_CASE("ruleset: the example of matching one entity [RFC 4745 §7.1.2]") {
  const auto ruleset = printed("rfc4745-01-ruleset.xml");
  CHECK(matches(ruleset, {{"sip:alice@example.com"}}));
  CHECK(matches(ruleset, {{"tel:+1-212-555-1234"}}));
  CHECK(matches(ruleset, {{"mailto:bob@example.net"}}));
  CHECK_FALSE(matches(ruleset, {{"sip:bob@example.net"}}));
  CHECK_FALSE(matches(ruleset, {{"sip:+12125551234@example.com"}}));
  CHECK_FALSE(matches(ruleset, {}));
}

TEST_CASE("ruleset: the example of any authenticated identity [RFC 4745 §7.1.3.1]") {
  const auto ruleset = printed("rfc4745-02-ruleset.xml");
  CHECK(matches(ruleset, {{"sip:alice@example.com"}}));
  CHECK_FALSE(matches(ruleset, {}));
}

TEST_CASE("ruleset: the example of enumerated exceptions [RFC 4745 §7.1.3.2]") {
  const auto ruleset = printed("rfc4745-03-ruleset.xml");
  const auto asked = [&](const char* uri) {
    return matches(ruleset, {{uri}, "work", at("eve", 17)});  // 18:00 in the timezone of the example
  };
  CHECK(asked("sip:alice@good.example.net"));
  CHECK_FALSE(asked("sip:carol@example.com"));
  CHECK_FALSE(asked("sip:carol@example.org"));
  CHECK_FALSE(asked("sip:alice@bad.example.net"));
  CHECK_FALSE(asked("sip:bob@good.example.net"));
  CHECK_FALSE(asked("tel:+1-212-555-1234"));
  CHECK_FALSE(asked("sip:alice@example.com"));
  CHECK_FALSE(matches(ruleset, {{"sip:alice@good.example.net"}, "home", at("eve", 17)}));
  CHECK_FALSE(matches(ruleset, {{"sip:alice@good.example.net"}, "work", at("eve", 18)}));
}

TEST_CASE("ruleset: the example of a domain with exceptions [RFC 4745 §7.1.3.3]") {
  const auto ruleset = printed("rfc4745-04-ruleset.xml");
  CHECK(matches(ruleset, {{"sip:carol@example.com"}}));
  CHECK_FALSE(matches(ruleset, {{"sip:alice@example.com"}}));
  CHECK_FALSE(matches(ruleset, {{"sip:bob@example.com"}}));
  CHECK_FALSE(matches(ruleset, {{"sip:carol@example.org"}}));
}

TEST_CASE("ruleset: the example of spheres [RFC 4745 §7.3]") {
  const auto ruleset = printed("rfc4745-05-ruleset.xml");
  CHECK(matches(ruleset, {{"sip:andrew@example.com"}, "work"}));
  CHECK_FALSE(matches(ruleset, {{"sip:andrew@example.com"}, "home"}));
  CHECK(matches(ruleset, {{"sip:allison@example.com"}, "home"}));
  CHECK(matches(ruleset, {{"sip:john@doe.example.com"}, "home"}));
  CHECK(matches(ruleset, {{"sip:john@doe.example.com"}, "work"}));
  CHECK_FALSE(matches(ruleset, {{"sip:john@doe.example.com"}, "bowling"}));
}

TEST_CASE("ruleset: the example of validity [RFC 4745 §7.4]") {
  const auto ruleset = printed("rfc4745-06-ruleset.xml");
  const base::Instant from{std::chrono::sys_days(std::chrono::year(2003) / 8 / 15) +
                           std::chrono::minutes(15 * 60 + 20)};
  const base::Instant until = from + std::chrono::hours(31 * 24);
  CHECK_FALSE(matches(ruleset, {{}, "", from - base::Duration(1)}));
  CHECK(matches(ruleset, {{}, "", from}));
  CHECK(matches(ruleset, {{}, "", until - base::Duration(1)}));
  CHECK_FALSE(matches(ruleset, {{}, "", until}));
  CHECK(ask(ruleset, {{}, "", from}).changes == until);
}

TEST_CASE("ruleset: the example of identity, sphere and validity together [RFC 4745 §12]") {
  const auto ruleset = printed("rfc4745-07-ruleset.xml");
  CHECK(matches(ruleset, {{"sip:bob@example.com"}, "work", at("eve", 17)}));
  CHECK_FALSE(matches(ruleset, {{"sip:bob@example.com"}, "home", at("eve", 17)}));
  CHECK_FALSE(matches(ruleset, {{"sip:bob@example.com"}, "work", at("day before", 17)}));
  CHECK_FALSE(matches(ruleset, {{"sip:eve@example.com"}, "work", at("eve", 17)}));
}

TEST_CASE("ruleset: the example of a presence authorization document [RFC 5025 §6]") {
  const auto verdict = ask(printed("rfc5025-01-ruleset.xml"), {{"sip:user@example.com"}});
  const auto& permissions = verdict.grant->permissions;
  CHECK(verdict.handling == Handling::allow);
  CHECK(permissions.services.members.size() == 2);
  CHECK(permissions.services.has(rules::SelectedBy::uri_scheme, "sip"));
  CHECK(permissions.services.has(rules::SelectedBy::uri_scheme, "mailto"));
  CHECK(permissions.persons.all);
  CHECK(permissions.devices == rules::Selection());
  CHECK(permissions.provides(rules::Attribute::activities));
  CHECK(permissions.user_input == rules::UserInput::bare);
  CHECK(permissions.unknown.contains({"urn:vendor-specific:foo-namespace", "foo"}));
  CHECK_FALSE(permissions.all_attributes);
}

TEST_CASE("ruleset: another document is refused") {
  for (const auto* text :
       {"", "<", "<ruleset/>", "<ruleset xmlns=\"urn:ietf:params:xml:ns:pres-rules\"/>",
        "<rules xmlns=\"urn:ietf:params:xml:ns:common-policy\"/>", "not XML",
        "<!DOCTYPE r [<!ENTITY a \"b\">]><ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\"/>",
        "<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\"><rule></ruleset>",
        "<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\">&bomb;</ruleset>"}) {
    CAPTURE(text);
    CHECK(refusal(text) == base::ErrorCode::malformed);
  }
}

TEST_CASE("ruleset: elements of other namespaces are no rules, and grant nothing") {
  const auto text =
      "<x:rule/><rule xmlns=\"\"><cp:conditions/></rule><cp:other/>"
      "<cp:rule "
      "id=\"r\"><x:conditions/><x:actions><pr:sub-handling>allow</pr:sub-handling></x:actions></cp:rule>";
  const auto ruleset = tests::read_rules_text(ruleset_text(text));
  CHECK(ruleset.size() == 1);
  CHECK(ask(ruleset, {}).handling == Handling::block);
}

TEST_CASE("ruleset: parts that stand twice are combined, conditions by and") {
  const auto text =
      "<cp:rule><cp:conditions>" + one("sip:a@a") +
      "</cp:conditions><cp:conditions><cp:sphere value=\"work\"/></cp:conditions><cp:actions/><cp:actions>"
      "<pr:sub-handling>confirm</pr:sub-handling><pr:sub-handling>block</pr:sub-handling></cp:actions></"
      "cp:rule>";
  const auto ruleset = tests::read_rules_text(ruleset_text(text));
  CHECK(ask(ruleset, {{"sip:a@a"}, "work"}).handling == Handling::confirm);
  CHECK_FALSE(ask(ruleset, {{"sip:a@a"}, "home"}).matched);
  CHECK_FALSE(ask(ruleset, {{"sip:b@a"}, "work"}).matched);
}

TEST_CASE("ruleset: each bound is kept, what is past it is too large") {
  rules::RulesetBounds bounds;
  bounds.rules = 3;
  CHECK(Ruleset::parse(ruleset_text(repeat("<cp:rule/>", 3)), bounds).ok());
  CHECK(refusal(ruleset_text(repeat("<cp:rule/>", 4)), bounds) == base::ErrorCode::too_large);

  bounds = {};
  bounds.bytes = 1'000;
  CHECK(refusal(ruleset_text(repeat("<cp:rule/>", 100)), bounds) == base::ErrorCode::too_large);

  CHECK(refusal(ruleset_text(repeat("<x:a>", 40) + repeat("</x:a>", 40))) == base::ErrorCode::malformed);
}

TEST_CASE("ruleset: whatever is kept of a document counts against one bound") {
  rules::RulesetBounds bounds;
  bounds.values = 10;
  const std::string times =
      "<cp:from>2003-12-24T17:00:00Z</cp:from><cp:until>2003-12-24T18:00:00Z</cp:until>";
  struct Row {
    std::string before, unit, after;
  };
  const Row rows[] = {{"<cp:identity>", "<cp:one id=\"sip:a@a\"/>", "</cp:identity>"},
                      {"<cp:identity><cp:many>", "<cp:except id=\"sip:a@a\"/>", "</cp:many></cp:identity>"},
                      {"<cp:validity>", times, "</cp:validity>"},
                      {"<cp:sphere value=\"", "w ", "\"/>"},
                      {"<ocp:external-list>", "<ocp:entry anc=\"l\"/>", "</ocp:external-list>"},
                      {"", "<cp:sphere value=\"\"/>", ""}};
  for (const auto& row : rows) {
    CAPTURE(row.unit);
    CHECK(Ruleset::parse(ruleset_text(rule_text(row.before + row.unit + row.after)), bounds).ok());
    CHECK(refusal(ruleset_text(rule_text(row.before + repeat(row.unit, 20) + row.after)), bounds) ==
          base::ErrorCode::too_large);
  }
  for (const auto* unit : {"<pr:provide-note>true</pr:provide-note>", "<x:provide/>",
                           "<pr:provide-persons><pr:class>a</pr:class></pr:provide-persons>"}) {
    CAPTURE(unit);
    CHECK(refusal(ruleset_text(rule_text("", "allow", repeat(unit, 20))), bounds) ==
          base::ErrorCode::too_large);
  }
}

TEST_CASE("ruleset: ten thousand identities and a namespace of many bytes are read in linear work") {
  std::string ones;
  for (int i = 0; i < 6'000; ++i)
    ones += fmt::format("<cp:one id=\"sip:user{}@a\"/>", i);
  const auto many = Ruleset::parse(ruleset_text(rule_text("<cp:identity>" + ones + "</cp:identity>")));
  REQUIRE(many.ok());
  CHECK(ask(*many, {{"sip:user5999@a"}}).rules_examined == 1);

  const auto text = "<cp:ruleset xmlns:cp=\"urn:ietf:params:xml:ns:common-policy\" xmlns=\"urn:" +
                    std::string(100'000, 'x') + "\">" + repeat("<a/>", 30'000) + "</cp:ruleset>";
  CHECK(Ruleset::parse(text).ok());
}

TEST_CASE("ruleset: contradictions within one rule match nobody") {
  CHECK_FALSE(tests::matches(one("sip:a@a") + one("sip:b@b"), {{"sip:a@a"}}));
  CHECK_FALSE(tests::matches(one("sip:a@a") + "<ocp:other-identity/>" + one("sip:b@b"), {{"sip:a@a"}}));
  CHECK_FALSE(tests::matches("<ocp:anonymous-request/><ocp:other-identity/>", {{"sip:a@a"}}));
  CHECK_FALSE(tests::matches("<ocp:anonymous-request/><ocp:other-identity/>", {}));
}
