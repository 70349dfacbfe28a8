// SPDX-License-Identifier: Apache-2.0
#include "questions.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

using namespace rollcall;
using namespace std::chrono_literals;
using rules::Attribute;
using rules::DomainDefault;
using rules::Handling;
using rules::UserInput;
using tests::ask;
using tests::noon;
using tests::one;
using tests::read_rules_text;
using tests::rule_text;
using tests::ruleset_text;

namespace {

rules::Verdict decide(const rules::Ruleset& ruleset, const std::vector<std::string>& watcher,
                      DomainDefault otherwise) {
  std::vector<rules::Identity> identities;
  for (const auto& uri : watcher)
    identities.push_back(*rules::Identity::parse(uri));
  const std::vector<const rules::Ruleset*> rulesets{&ruleset};
  return rules::decide(rulesets, {identities, noon, "", {}}, *sip::Aor::parse("alice@example.com"),
                       otherwise);
}

std::string period(base::Instant from, base::Instant until) {
  return "<cp:validity><cp:from>" + base::to_rfc3339(from) + "</cp:from><cp:until>" +
         base::to_rfc3339(until) + "</cp:until></cp:validity>";
}

}  // namespace

TEST_CASE("evaluate: no rule, or none that matches, is block [RFC 5025 §3.2.1]") {
  const auto verdict = ask(read_rules_text(ruleset_text("")), {{"sip:bob@a"}});
  CHECK_FALSE(verdict.matched);
  CHECK(verdict.handling == Handling::block);
  CHECK(verdict.grant->permissions == rules::Permissions());
  CHECK(verdict.body_key().empty());
  CHECK(ask(std::vector<const rules::Ruleset*>(), {{"sip:bob@a"}}).handling == Handling::block);
}

TEST_CASE("evaluate: of contradicting rules the greatest handling counts, in any order [RFC 5025 §3.2.1]") {
  constexpr Handling handlings[] = {Handling::block, Handling::confirm, Handling::polite_block,
                                    Handling::allow};
  for (const auto left : handlings) {
    for (const auto right : handlings) {
      CAPTURE(to_string(left));
      CAPTURE(to_string(right));
      const auto text = rule_text(one("sip:bob@a"), to_string(left)) +
                        rule_text("<cp:identity><cp:many domain=\"a\"/></cp:identity>", to_string(right));
      const auto verdict = ask(read_rules_text(ruleset_text(text)), {{"sip:bob@a"}});
      CHECK(verdict.matched);
      CHECK(verdict.handling == std::max(left, right));
    }
  }
}

TEST_CASE("evaluate: unknown actions and values permit nothing [RFC 4745 §8, RFC 5025 §3.2.1]") {
  for (const auto* handling : {"", "Allow", "30", "allowed", "block allow"}) {
    CAPTURE(handling);
    const auto verdict = ask(read_rules_text(ruleset_text(rule_text("", handling))), {{"sip:bob@a"}});
    CHECK(verdict.matched);
    CHECK(verdict.handling == Handling::block);
  }
  const auto other = read_rules_text(ruleset_text(
      "<cp:rule id=\"r\"><cp:actions><x:sub-handling>allow</x:sub-handling></cp:actions><cp:transformations>"
      "<pr:sub-handling>allow</pr:sub-handling><x:provide-all-attributes/></cp:transformations></cp:rule>"));
  CHECK(ask(other, {{"sip:bob@a"}}).handling == Handling::block);
  CHECK(ask(other, {{"sip:bob@a"}}).grant->permissions == rules::Permissions());
  const auto spaced = read_rules_text(ruleset_text(rule_text("", " \n polite-block ")));
  CHECK(ask(spaced, {{"sip:bob@a"}}).handling == Handling::polite_block);
}

TEST_CASE("evaluate: permissions combine by union, or, and the greatest number [RFC 4745 §10.2]") {
  const auto text =
      rule_text(one("sip:bob@a"), "allow",
                "<pr:provide-devices><pr:deviceID>urn:uuid:F81D4FAE-7dec-11d0-a765-00a0c91e6bf6</pr:deviceID>"
                "<pr:class>biz</pr:class></pr:provide-devices><pr:provide-mood>true</pr:provide-mood>"
                "<pr:provide-user-input>bare</pr:provide-user-input>") +
      rule_text("<cp:identity><cp:many/></cp:identity>", "block",
                "<pr:provide-devices><pr:class>home</pr:class><pr:class>biz</pr:class></pr:provide-devices>"
                "<pr:provide-mood>false</pr:provide-mood><pr:provide-note>1</pr:provide-note>"
                "<pr:provide-user-input>thresholds</pr:provide-user-input>") +
      rule_text(one("sip:carol@a"), "allow", "<pr:provide-all-attributes/>");
  const auto verdict = ask(read_rules_text(ruleset_text(text)), {{"sip:bob@a"}});
  const auto& permissions = verdict.grant->permissions;
  CHECK(verdict.handling == Handling::allow);
  CHECK(permissions.devices.members.size() == 3);
  CHECK(
      permissions.devices.has(rules::SelectedBy::device_id, "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"));
  CHECK(permissions.devices.has(rules::SelectedBy::occurrence_class, "biz"));
  CHECK(permissions.devices.has(rules::SelectedBy::occurrence_class, "home"));
  CHECK(permissions.provides(Attribute::mood));
  CHECK(permissions.provides(Attribute::note));
  CHECK_FALSE(permissions.provides(Attribute::sphere));
  CHECK(permissions.user_input == UserInput::thresholds);
  CHECK_FALSE(permissions.all_attributes);
}

TEST_CASE("evaluate: the worked example of combining [RFC 4745 §10.3]") {
  // X is provide-mood, Y the handling, Z the user-input; spheres, names and times are those of the table.
  const auto row = [](std::string_view who, std::string_view sphere, std::string_view from,
                      std::string_view until, std::string_view rest) {
    return fmt::format(
        "<cp:rule id=\"r\"><cp:conditions><cp:identity><cp:one id=\"sip:{}@a\"/></cp:identity>"
        "<cp:sphere value=\"{}\"/><cp:validity><cp:from>{}</cp:from><cp:until>{}</cp:until></cp:validity>"
        "</cp:conditions>{}</cp:rule>",
        who, sphere, from, until, rest);
  };
  const auto grants = [](std::string_view x, std::string_view y, std::string_view z) {
    return fmt::format(
        "<cp:actions><pr:sub-handling>{}</pr:sub-handling></cp:actions><cp:transformations>{}"
        "<pr:provide-user-input>{}</pr:provide-user-input></cp:transformations>",
        y, x.empty() ? "" : fmt::format("<pr:provide-mood>{}</pr:provide-mood>", x), z);
  };
  const auto *a1 = "2003-12-24T17:00:00+01:00", *a2 = "2003-12-24T21:00:00+01:00",
             *a3 = "2003-12-24T23:30:00+01:00", *b1 = "2003-12-22T17:00:00+01:00",
             *b2 = "2003-12-23T17:00:00+01:00";
  const auto text = row("bob", "home", a1, a2, grants("true", "allow", "thresholds")) +
                    row("alice", "work", a1, a2, grants("false", "confirm", "full")) +
                    row("bob", "work", a1, a2, grants("true", "block", "bare")) +
                    row("tom", "work", a1, a2, grants("true", "confirm", "full")) +
                    row("bob", "work", a1, a3, grants("", "polite-block", "thresholds")) +
                    row("bob", "work", b1, b2, grants("false", "allow", "bare"));
  const base::Instant when{std::chrono::sys_days{std::chrono::year{2003} / 12 / 24} + 16h + 15min};
  const auto verdict = ask(read_rules_text(ruleset_text(text)), {{"sip:bob@a"}, "work", when});
  CHECK(verdict.grant->permissions.provides(Attribute::mood));
  CHECK(verdict.handling == Handling::polite_block);
  CHECK(verdict.grant->permissions.user_input == UserInput::thresholds);
  REQUIRE(verdict.changes.has_value());
  CHECK(base::to_rfc3339(*verdict.changes) == "2003-12-24T20:00:00.000Z");
}

TEST_CASE("evaluate: tells the next time at which a validity may change the answer") {
  const auto text =
      rule_text(one("sip:bob@a") + period(noon - 1h, noon + 2h)) +
      rule_text(one("sip:bob@a") + period(noon + 1h, noon + 3h), "polite-block") +
      rule_text(one("sip:carol@a") + period(noon - 1h, noon + 1min)) +
      rule_text(one("sip:bob@a") + "<cp:sphere value=\"work\"/>" + period(noon - 1h, noon + 1min));
  const auto ruleset = read_rules_text(ruleset_text(text));
  CHECK(ask(ruleset, {{"sip:bob@a"}}).changes == noon + 1h);
  CHECK(ask(ruleset, {{"sip:bob@a"}, "work"}).changes == noon + 1min);
  CHECK(ask(ruleset, {{"sip:bob@a"}, "", noon + 1h}).changes == noon + 2h);
  CHECK(ask(ruleset, {{"sip:bob@a"}, "", noon + 2h}).changes == noon + 3h);
  CHECK_FALSE(ask(ruleset, {{"sip:bob@a"}, "", noon + 3h}).changes.has_value());
  CHECK_FALSE(ask(ruleset, {{"sip:dave@a"}}).changes.has_value());
}

TEST_CASE("evaluate: all documents of a presentity are combined [RFC 5025 §9.7]") {
  const auto first = read_rules_text(ruleset_text(
      rule_text(one("sip:bob@a"), "confirm", "<pr:provide-persons><pr:all-persons/></pr:provide-persons>")));
  const auto second = read_rules_text(ruleset_text(
      rule_text(one("sip:bob@a"), "allow", "<pr:provide-activities>true</pr:provide-activities>")));
  const auto verdict = ask({&first, &second}, {{"sip:bob@a"}});
  CHECK(verdict.handling == Handling::allow);
  CHECK(verdict.grant->permissions.persons.all);
  CHECK(verdict.grant->permissions.provides(Attribute::activities));
}

TEST_CASE("evaluate: watchers with equal permissions share one grant and its key") {
  std::string text;
  for (int i = 0; i < 1'000; ++i)
    text += rule_text(one(fmt::format("sip:u{}@a", i)), "allow",
                      i % 2 == 0
                          ? "<pr:provide-mood>true</pr:provide-mood><pr:provide-note>true</pr:provide-note>"
                          : "<pr:provide-note>1</pr:provide-note><pr:provide-mood>1</pr:provide-mood>");
  const auto ruleset = read_rules_text(ruleset_text(text));
  const auto first = ask(ruleset, {{"sip:u0@a"}});
  for (int i = 1; i < 1'000; ++i) {
    const auto verdict = ask(ruleset, {{fmt::format("sip:u{}@a", i)}});
    REQUIRE(verdict.grant == first.grant);
    REQUIRE(verdict.body_key() == first.body_key());
  }
}

TEST_CASE("evaluate: keys differ when permissions do, and when the handling does") {
  const auto key = [](std::string_view transformations) {
    return ask(read_rules_text(ruleset_text(rule_text("", "allow", transformations))), {{"sip:bob@a"}})
        .grant->key;
  };
  const std::vector<std::string> keys = {
      key(""),
      key("<pr:provide-note>true</pr:provide-note>"),
      key("<pr:provide-user-input>bare</pr:provide-user-input>"),
      key("<pr:provide-services><pr:all-services/></pr:provide-services>"),
      key("<pr:provide-persons><pr:all-persons/></pr:provide-persons>"),
      key("<pr:provide-persons><pr:class>a</pr:class></pr:provide-persons>"),
      key("<pr:provide-persons><pr:occurrence-id>a</pr:occurrence-id></pr:provide-persons>"),
      key("<pr:provide-persons><pr:class>a</pr:class><pr:class>b</pr:class></pr:provide-persons>"),
      key("<pr:provide-persons><pr:class>a1:b</pr:class></pr:provide-persons>"),
      key("<pr:provide-unknown-attribute ns=\"u\" name=\"n\">true</pr:provide-unknown-attribute>"),
      key("<pr:provide-unknown-attribute ns=\"un\" name=\"\">true</pr:provide-unknown-attribute>"),
      key("<pr:provide-all-attributes/>"),
  };
  for (std::size_t i = 0; i < keys.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      CHECK(keys[i] != keys[j]);
  const auto polite = ask(read_rules_text(ruleset_text(rule_text("", "polite-block"))), {{"sip:bob@a"}});
  CHECK(polite.body_key() == "polite-block");
  const auto pending = ask(read_rules_text(ruleset_text(rule_text("", "confirm"))), {{"sip:bob@a"}});
  CHECK(pending.body_key().empty());
}

TEST_CASE("evaluate: looks only at the rules that may be about the watcher, however many there are") {
  std::string text = rule_text("<cp:identity><cp:many/></cp:identity>", "confirm") + rule_text("", "block");
  for (int i = 0; i < 500; ++i)
    text += rule_text(one(fmt::format("sip:u{}@a{}", i, i % 10)));
  for (int i = 0; i < 498; ++i)
    text += rule_text(fmt::format("<cp:identity><cp:many domain=\"d{}\"/></cp:identity>", i));
  const auto ruleset = read_rules_text(ruleset_text(text));
  REQUIRE(ruleset.size() == 1'000);
  CHECK(ask(ruleset, {{"sip:nobody@z"}}).rules_examined == 2);
  CHECK(ask(ruleset, {{"sip:u7@a7"}}).rules_examined == 3);
  CHECK(ask(ruleset, {{"sip:u7@d7"}}).rules_examined == 3);
  CHECK(ask(ruleset, {{"sip:u7@a7", "sip:u8@a8"}}).rules_examined == 4);
  CHECK(ask(ruleset, {}).rules_examined == 2);
}

TEST_CASE("evaluate: a rule that names the watcher in several ways is looked at once") {
  const auto ruleset = read_rules_text(ruleset_text(
      rule_text("<cp:identity><cp:one id=\"sip:bob@a\"/><cp:one id=\"pres:bob@a\"/><cp:many domain=\"a\"/>"
                "<cp:many domain=\"a\"/><cp:many/></cp:identity>")));
  CHECK(ask(ruleset, {{"sip:bob@a"}}).rules_examined == 1);
}

TEST_CASE("decide: one always sees oneself") {
  const auto ruleset = read_rules_text(ruleset_text(rule_text("", "block")));
  const auto verdict = decide(ruleset, {"sips:alice@EXAMPLE.com"}, DomainDefault::block);
  CHECK(verdict.handling == Handling::allow);
  CHECK(verdict.grant->permissions.is_everything());
}

TEST_CASE("decide: the default of the domain counts when no rule matches") {
  const auto none = rules::Ruleset();
  CHECK(decide(none, {"sip:bob@example.com"}, DomainDefault::allow_domain).handling == Handling::allow);
  CHECK(
      decide(none, {"sip:bob@example.com"}, DomainDefault::allow_domain).grant->permissions.is_everything());
  CHECK(decide(none, {"sip:bob@example.org"}, DomainDefault::allow_domain).handling == Handling::confirm);
  CHECK(decide(none, {"sip:bob@a.example.com"}, DomainDefault::allow_domain).handling == Handling::confirm);
  CHECK(decide(none, {"sip:bob@example.com"}, DomainDefault::confirm).handling == Handling::confirm);
  CHECK(decide(none, {"sip:bob@example.com"}, DomainDefault::block).handling == Handling::block);
}

TEST_CASE("decide: an anonymous watcher waits for nobody: he is blocked unless a rule matches") {
  for (const auto otherwise : {DomainDefault::allow_domain, DomainDefault::confirm, DomainDefault::block})
    CHECK(decide(rules::Ruleset(), {}, otherwise).handling == Handling::block);
  const auto open = read_rules_text(ruleset_text(rule_text("<ocp:anonymous-request/>", "polite-block")));
  CHECK(decide(open, {}, DomainDefault::block).handling == Handling::polite_block);
}

TEST_CASE("decide: a rule that matches comes before the default, block too [RFC 5025 §3.2.1]") {
  const auto ruleset = read_rules_text(ruleset_text(rule_text(one("sip:bob@example.com"), "block")));
  CHECK(decide(ruleset, {"sip:bob@example.com"}, DomainDefault::allow_domain).handling == Handling::block);
  CHECK(decide(ruleset, {"sip:carol@example.com"}, DomainDefault::allow_domain).handling == Handling::allow);
}

TEST_CASE("decide: the words of the configuration are known") {
  CHECK(rules::domain_default_of("allow-domain") == DomainDefault::allow_domain);
  CHECK(rules::domain_default_of("confirm") == DomainDefault::confirm);
  CHECK(rules::domain_default_of("block") == DomainDefault::block);
  CHECK(rules::domain_default_of("open") == rules::DomainDefault::open);
  CHECK_FALSE(rules::domain_default_of("everybody").has_value());
}
