// SPDX-License-Identifier: Apache-2.0
#include "policy_schema.hpp"
#include "questions.hpp"

#include <string>
#include <vector>

#include <rollcall/rules/edit.hpp>

#include <fmt/format.h>

using namespace rollcall;
using rules::Decision;
using rules::Handling;
using tests::one;
using tests::rule_text;
using tests::ruleset_text;

namespace {

constexpr Handling all_handlings[] = {Handling::block, Handling::confirm, Handling::polite_block,
                                      Handling::allow};

sip::Aor aor(std::string_view text) {
  return *sip::Aor::parse(text);
}

/// The document is valid and means something.
std::string checked(const base::Result<std::string>& document) {
  CAPTURE((document ? std::string() : document.error().detail));
  REQUIRE(document.ok());
  CAPTURE(*document);
  CHECK(tests::policy_faults(*document) == "");
  return *document;
}

std::string with(const std::string& document, std::string_view watcher, Handling handling) {
  return checked(rules::with_decision(document, aor(watcher), handling));
}

std::string without(const std::string& document, std::string_view watcher) {
  return checked(rules::without_decision(document, aor(watcher)));
}

rules::Verdict verdict(const std::string& document, std::string_view watcher) {
  return tests::ask(tests::read_rules_text(document), {{aor(watcher).uri()}});
}

/// A client's document, with all that an editor could stumble over.
std::string clients_document() {
  return "<?xml version='1.0' encoding='UTF-8'?>\r\n<!-- mine > -->\n"
         "<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\" xmlns:x=\"urn:example:x\""
         " xmlns:pr='urn:ietf:params:xml:ns:pres-rules'>\n\t<!-- </ruleset> -->\n"
         "\t<rule id='friends'><conditions><identity><one id=\"sip:bob@a\"/>\n<one id=\"sip:carol@a\" "
         "></one></identity>"
         "</conditions><actions><pr:sub-handling>confirm</pr:sub-handling></actions><transformations>"
         "<x:a y='/>'>&#65;</x:a></transformations></rule>\n</ruleset>\n<!-- </end> -->";
}

}  // namespace

TEST_CASE("edit: a decision in no document makes one") {
  for (const auto handling : all_handlings) {
    const auto document = with("", "bob@a", handling);
    CHECK(verdict(document, "bob@a").handling == handling);
    CHECK(verdict(document, "bob@a").matched);
    CHECK_FALSE(verdict(document, "carol@a").matched);
  }
  CHECK(verdict(with("", "bob@a", Handling::allow), "bob@a").grant->permissions.is_everything());
}

TEST_CASE("edit: many decisions are one document, and the last about a watcher counts") {
  std::vector<Decision> decisions = {{aor("bob@a"), Handling::allow},
                                     {aor("carol@a"), Handling::block},
                                     {aor("dave@a"), Handling::polite_block},
                                     {aor("erin@a"), Handling::confirm},
                                     {aor("bob@a"), Handling::block}};
  const auto document = rules::document_of(decisions);
  CHECK(tests::policy_faults(document) == "");
  CHECK(verdict(document, "bob@a").handling == Handling::block);
  CHECK(verdict(document, "carol@a").handling == Handling::block);
  CHECK(verdict(document, "dave@a").handling == Handling::polite_block);
  CHECK(verdict(document, "erin@a").handling == Handling::confirm);
  CHECK(tests::read_rules_text(document).size() == 3);
  CHECK(tests::policy_faults(rules::document_of({})) == "");
}

TEST_CASE("edit: a decision is put into a client's document, whose every byte is kept") {
  const auto document = clients_document();
  const auto edited = with(document, "dave@a", Handling::allow);
  CHECK(verdict(edited, "dave@a").handling == Handling::allow);
  CHECK(verdict(edited, "bob@a").handling == Handling::confirm);
  const auto before = document.find("</ruleset>\n<!--");
  REQUIRE(before != std::string::npos);
  CHECK(edited.starts_with(document.substr(0, before)));
  CHECK(edited.ends_with(document.substr(before)));
  CHECK(edited.find("id=\"rollcall_allow\"") != std::string::npos);
  CHECK(without(edited, "dave@a") == document);
}

TEST_CASE("edit: watchers of one decision share a rule") {
  std::string document = clients_document();
  for (const auto* watcher : {"dave@a", "erin@a", "frank@a"})
    document = with(document, watcher, Handling::polite_block);
  CHECK(tests::read_rules_text(document).size() == 2);
  for (const auto* watcher : {"dave@a", "erin@a", "frank@a"})
    CHECK(verdict(document, watcher).handling == Handling::polite_block);
  document = without(document, "erin@a");
  CHECK(verdict(document, "dave@a").handling == Handling::polite_block);
  CHECK_FALSE(verdict(document, "erin@a").matched);
  CHECK(verdict(document, "frank@a").handling == Handling::polite_block);
  CHECK(without(without(document, "frank@a"), "dave@a") == clients_document());
}

TEST_CASE("edit: a new decision takes the place of the earlier one") {
  for (const auto earlier : all_handlings) {
    for (const auto later : all_handlings) {
      const auto document = with(with(clients_document(), "dave@a", earlier), "dave@a", later);
      CHECK(verdict(document, "dave@a").handling == later);
      CHECK(without(document, "dave@a") == clients_document());
    }
  }
}

TEST_CASE("edit: the same decision again changes nothing") {
  const auto document = with(with(clients_document(), "dave@a", Handling::allow), "erin@a", Handling::allow);
  CHECK(with(document, "dave@a", Handling::allow) == document);
  CHECK(without(document, "nobody@a") == document);
  CHECK(*rules::without_decision("", aor("nobody@a")) == "");
}

TEST_CASE("edit: rules of clients are not touched, and may give more [RFC 5025 §3.2.1]") {
  const auto document = with(clients_document(), "bob@a", Handling::block);
  CHECK(verdict(document, "bob@a").handling == Handling::confirm);
  CHECK(verdict(with(clients_document(), "bob@a", Handling::allow), "bob@a").handling == Handling::allow);
  CHECK(without(clients_document(), "bob@a") == clients_document());
}

TEST_CASE("edit: an own rule that a client has changed is the client's from then on") {
  const std::string changed = "<cp:rule id=\"rollcall_allow\"><cp:conditions>" + one("sip:bob@a") +
                              "<cp:sphere value=\"work\"/></cp:conditions><cp:actions><pr:sub-handling>allow"
                              "</pr:sub-handling></cp:actions></cp:rule>";
  const auto document = ruleset_text(changed);
  CHECK(without(document, "bob@a") == document);
  const auto edited = with(document, "bob@a", Handling::allow);
  CHECK(verdict(edited, "bob@a").handling == Handling::allow);
  CHECK(edited.find(changed) != std::string::npos);
  CHECK(edited.find("id=\"rollcall_allow-2\"") != std::string::npos);
}

TEST_CASE("edit: an own rule that no longer gives what its id says is not added to") {
  const auto document = ruleset_text(
      "<cp:rule id=\"rollcall_block\"><cp:conditions>" + one("sip:bob@a") +
      "</cp:conditions><cp:actions><pr:sub-handling>allow</pr:sub-handling></cp:actions></cp:rule>");
  const auto edited = with(document, "carol@a", Handling::block);
  CHECK(verdict(edited, "carol@a").handling == Handling::block);
  CHECK(verdict(with(document, "carol@a", Handling::allow), "carol@a").grant->permissions.is_everything());
  CHECK(verdict(with(document, "bob@a", Handling::block), "bob@a").handling == Handling::block);
}

TEST_CASE("edit: prefixes that a client declares anywhere are respected") {
  const auto document = ruleset_text(
      "<rule xmlns=\"urn:ietf:params:xml:ns:common-policy\" id=\"rollcall_block\"><conditions><q:identity "
      "xmlns:q=\"urn:ietf:params:xml:ns:common-policy\"><z:one "
      "xmlns:z=\"urn:ietf:params:xml:ns:common-policy\""
      " id=\"sip:bob@a\"/></q:identity></conditions><actions><pr:sub-handling>block</pr:sub-handling></"
      "actions></rule>");
  const auto edited = with(document, "carol@a", Handling::block);
  CHECK(tests::read_rules_text(edited).size() == 1);
  CHECK(verdict(edited, "carol@a").matched);
  CHECK(verdict(edited, "bob@a").matched);
  CHECK(without(edited, "carol@a") == document);
}

TEST_CASE("edit: a name that matches nobody is no decision") {
  for (const auto* watcher :
       {"<cp:one id=\"sip:bob@a\" domain=\"a\"/>", "<cp:one id=\"sip:bob@a\"><x:at-work/></cp:one>"}) {
    CAPTURE(watcher);
    const auto document =
        ruleset_text("<cp:rule id=\"rollcall_block\"><cp:conditions><cp:identity>" + std::string(watcher) +
                     "</cp:identity></cp:conditions><cp:actions><pr:sub-handling>block</pr:sub-handling></"
                     "cp:actions></cp:rule>");
    const auto edited = *rules::with_decision(document, aor("bob@a"), Handling::block);
    CHECK(verdict(edited, "bob@a").matched);
    CHECK(*rules::without_decision(edited, aor("bob@a")) == document);
  }
}

TEST_CASE("edit: a document without rules, also one that is a single tag, takes a decision") {
  for (const auto* empty : {"<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\"/>",
                            "<a:ruleset xmlns:a=\"urn:ietf:params:xml:ns:common-policy\" \n/>\n",
                            "<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\"></ruleset>"}) {
    CAPTURE(empty);
    const auto document = with(empty, "bob@a", Handling::allow);
    CHECK(verdict(document, "bob@a").handling == Handling::allow);
    CHECK_FALSE(verdict(without(document, "bob@a"), "bob@a").matched);
  }
}

TEST_CASE("edit: whatever is in the name of a watcher, he alone is meant") {
  for (const auto* watcher :
       {"a&b@a", "a'b@a", "a\"b@a", "a<b@a", "100%@a", "j\xC3\xBCrgen@a", "a b@a", "sip:x@a"}) {
    CAPTURE(watcher);
    const auto document = with(clients_document(), watcher, Handling::allow);
    CHECK(verdict(document, watcher).handling == Handling::allow);
    CHECK(without(document, watcher) == clients_document());
  }
}

TEST_CASE("edit: a document that cannot be read is not edited") {
  for (const auto* document : {" ", "<ruleset/>", "<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\">",
                               "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\"/>"}) {
    CAPTURE(document);
    const auto edited = rules::with_decision(document, aor("bob@a"), Handling::allow);
    REQUIRE_FALSE(edited.ok());
    CHECK(edited.error().code == base::ErrorCode::malformed);
    CHECK_FALSE(rules::without_decision(document, aor("bob@a")).ok());
  }
}

TEST_CASE("edit: no decision makes a document larger than its bounds") {
  rules::RulesetBounds bounds;
  bounds.rules = 1;
  const auto full = rules::with_decision(clients_document(), aor("dave@a"), Handling::allow, bounds);
  REQUIRE_FALSE(full.ok());
  CHECK(full.error().code == base::ErrorCode::too_large);
  bounds = {};
  bounds.bytes = clients_document().size() + 10;
  CHECK(rules::with_decision(clients_document(), aor("dave@a"), Handling::allow, bounds).error().code ==
        base::ErrorCode::too_large);
}
