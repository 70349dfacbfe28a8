// SPDX-License-Identifier: Apache-2.0
// The conditions of OMA XDM, as clients write them beside those of RFC 4745.
#include "questions.hpp"

#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>

using namespace rollcall;
using rules::Handling;
using tests::ask;
using tests::matches;
using tests::noon;
using tests::one;
using tests::Question;
using tests::read_rules_text;
using tests::rule_text;
using tests::ruleset_text;

namespace {

const std::string granted =
    "http://xcap.a/resource-lists/users/sip:alice@a/index/~~/"
    "resource-lists/list%5B@name=%22oma_grantedcontacts%22%5D";
const std::string blocked =
    "http://xcap.a/resource-lists/users/sip:alice@a/index/~~/"
    "resource-lists/list%5B@name=%22oma_blockedcontacts%22%5D";

std::string on_list(const std::string& uri) {
  return "<ocp:external-list><ocp:entry anc=\"" + uri + "\"/></ocp:external-list>";
}

rules::MemberOf lists(const std::multimap<std::string, std::string>& members) {
  return [members](std::string_view list, const rules::Identity& watcher) {
    const auto [begin, end] = members.equal_range(std::string(list));
    return std::any_of(begin, end, [&](const auto& one) { return one.second == watcher.text(); });
  };
}

/// What a client of OMA's begins with: own, anonymous, unlisted, granted and blocked contacts.
rules::Ruleset oma_rules() {
  return read_rules_text(ruleset_text(rule_text(one("sip:alice@a"), "allow") +
                                      rule_text("<ocp:anonymous-request/>", "block") +
                                      rule_text("<ocp:other-identity/>", "confirm") +
                                      rule_text(on_list(granted), "allow", "<pr:provide-all-attributes/>") +
                                      rule_text(on_list(blocked), "block")));
}

}  // namespace

TEST_CASE("oma: the usual rules grant, block, and ask about everybody else") {
  const auto ruleset = oma_rules();
  const auto members = lists({{granted, "sip:bob@a"}, {blocked, "sip:eve@a"}});
  CHECK(ask(ruleset, {{"sip:alice@a"}, "", noon, members}).handling == Handling::allow);
  const auto bob = ask(ruleset, {{"sip:bob@a"}, "", noon, members});
  CHECK(bob.handling == Handling::allow);
  CHECK(bob.grant->permissions.all_attributes);
  const auto eve = ask(ruleset, {{"sip:eve@a"}, "", noon, members});
  CHECK(eve.matched);
  CHECK(eve.handling == Handling::block);
  CHECK(ask(ruleset, {{"sip:dave@a"}, "", noon, members}).handling == Handling::confirm);
  const auto anonymous = ask(ruleset, {{}, "", noon, members});
  CHECK(anonymous.matched);
  CHECK(anonymous.handling == Handling::block);
}

TEST_CASE("oma: an external list holds the members of one of its lists, and nobody without any") {
  const auto both =
      fmt::format("<ocp:external-list><ocp:entry anc=\"{}\"/><ocp:entry anc=\" {} \"/></ocp:external-list>",
                  blocked, granted);
  const auto members = lists({{granted, "sip:bob@a"}});
  CHECK(matches(both, {{"sip:bob@a"}, "", noon, members}));
  CHECK(matches(both, {{"tel:+1", "sip:bob@a"}, "", noon, members}));
  CHECK_FALSE(matches(both, {{"sip:carol@a"}, "", noon, members}));
  CHECK_FALSE(matches(both, {{}, "", noon, members}));
  CHECK_FALSE(matches(both, {{"sip:bob@a"}}));
  CHECK_FALSE(matches("<ocp:external-list/>", {{"sip:bob@a"}, "", noon, members}));
  CHECK_FALSE(
      matches("<ocp:external-list><ocp:entry/></ocp:external-list>", {{"sip:bob@a"}, "", noon, members}));
}

TEST_CASE("oma: other conditions beside a list must hold too") {
  const auto members = lists({{granted, "sip:bob@a"}});
  const auto text = on_list(granted) + "<cp:sphere value=\"work\"/>";
  CHECK(matches(text, {{"sip:bob@a"}, "work", noon, members}));
  CHECK_FALSE(matches(text, {{"sip:bob@a"}, "home", noon, members}));
}

TEST_CASE("oma: each list is asked for once, however many rules name it") {
  std::string text;
  for (int i = 0; i < 50; ++i)
    text += rule_text(on_list(i % 2 == 0 ? granted : blocked));
  int asked = 0;
  ask(read_rules_text(ruleset_text(text + rule_text("<ocp:other-identity/>"))),
      {{"sip:bob@a"}, "", noon, [&](std::string_view, const rules::Identity&) {
         ++asked;
         return false;
       }});
  CHECK(asked == 2);
}

TEST_CASE("oma: anonymous-request is true for who has no identity, and for nobody else") {
  CHECK(matches("<ocp:anonymous-request/>", {}));
  CHECK_FALSE(matches("<ocp:anonymous-request/>", {{"sip:bob@a"}}));
  CHECK_FALSE(matches("<ocp:anonymous-request/>" + one("sip:bob@a"), {}));
}

TEST_CASE("oma: other-identity is about authenticated watchers that no other rule is about") {
  const std::string other = rule_text("<ocp:other-identity/>", "allow");
  const auto handling = [&](const std::string& rules, const Question& question) {
    return ask(read_rules_text(ruleset_text(rules + other)), question).handling;
  };
  CHECK(handling("", {{"sip:bob@a"}}) == Handling::allow);
  CHECK(handling("", {}) == Handling::block);
  CHECK(handling(rule_text(one("sip:bob@a"), "block"), {{"sip:bob@a"}}) == Handling::block);
  CHECK(handling(rule_text(one("sip:bob@a"), "block"), {{"sip:carol@a"}}) == Handling::allow);
  const auto domain =
      rule_text("<cp:identity><cp:many domain=\"a\"><cp:except id=\"sip:bob@a\"/></cp:many></cp:identity>",
                "polite-block");
  CHECK(handling(domain, {{"sip:carol@a"}}) == Handling::polite_block);
  CHECK(handling(domain, {{"sip:bob@a"}}) == Handling::allow);
  CHECK(handling(rule_text("<cp:identity><cp:many/></cp:identity>", "block"), {{"sip:bob@a"}}) ==
        Handling::block);
}

TEST_CASE("oma: a rule is about whom it names, also while another of its conditions fails") {
  const auto text = rule_text(one("sip:bob@a") + "<cp:sphere value=\"work\"/>", "allow") +
                    rule_text(one("sip:carol@a") + "<x:at-full-moon/>", "allow") +
                    rule_text("<ocp:other-identity/>", "confirm") +
                    rule_text("<cp:sphere value=\"work\"/>", "block");
  const auto ruleset = read_rules_text(ruleset_text(text));
  CHECK(ask(ruleset, {{"sip:bob@a"}, "home"}).handling == Handling::block);
  CHECK(ask(ruleset, {{"sip:carol@a"}, "home"}).handling == Handling::block);
  CHECK(ask(ruleset, {{"sip:dave@a"}, "home"}).handling == Handling::confirm);
}

TEST_CASE("oma: a rule in another document of the presentity counts for other-identity too") {
  const auto own = read_rules_text(ruleset_text(rule_text(one("sip:bob@a"), "block")));
  const auto oma = oma_rules();
  CHECK(ask({&own, &oma}, {{"sip:bob@a"}}).handling == Handling::block);
  CHECK(ask({&oma, &own}, {{"sip:bob@a"}}).handling == Handling::block);
  CHECK(ask({&oma}, {{"sip:bob@a"}}).handling == Handling::confirm);
}

TEST_CASE("oma: an empty condition of another namespace is none of OMA's") {
  CHECK_FALSE(matches("<cp:anonymous-request/>", {}));
  CHECK_FALSE(matches("<x:other-identity/>", {{"sip:bob@a"}}));
  CHECK_FALSE(matches("<cp:identity><ocp:other-identity/></cp:identity>", {{"sip:bob@a"}}));
}
