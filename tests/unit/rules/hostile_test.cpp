// SPDX-License-Identifier: Apache-2.0
// Documents that somebody has damaged on purpose.
#include "questions.hpp"
#include "support/schema.hpp"

#include <random>
#include <string>

#include <rollcall/rules/edit.hpp>

using namespace rollcall;
using rules::Handling;

namespace {

const sip::Aor bob = *sip::Aor::parse("bob@example.com");

/// Whatever can be read can be asked, and edited into something that can be read.
void use(const std::string& text) {
  const auto ruleset = rules::Ruleset::parse(text);
  if (!ruleset) return;
  const tests::Question question{{bob.uri()}, "work", tests::noon, [](auto, const auto&) { return true; }};
  const auto before = tests::ask(*ruleset, question);
  const auto anonymous = tests::ask(*ruleset, {});
  CHECK(before.rules_examined + anonymous.rules_examined <= 2 * ruleset->size());
  const auto edited = rules::with_decision(text, bob, Handling::allow);
  REQUIRE(edited.ok());
  CHECK(tests::ask(tests::read_rules_text(*edited), question).handling == Handling::allow);
  const auto undone = rules::without_decision(*edited, bob);
  REQUIRE(undone.ok());
  CHECK(tests::ask(tests::read_rules_text(*undone), question).handling <= before.handling);
}

std::string damaged(std::string text, std::mt19937& random) {
  constexpr std::string_view bits = "<>/\"'&;!?[]- =:x\n\xC3";
  for (auto left = 1 + random() % 3; left > 0; --left) {
    const auto at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text[at] = bits[random() % bits.size()];
        break;
      case 1:
        text.erase(at, 1 + random() % 20);
        break;
      case 2:
        text.insert(at, text.substr(random() % text.size(), 1 + random() % 40));
        break;
      default:
        text.insert(at, 1, bits[random() % bits.size()]);
    }
    if (text.empty()) return text;
  }
  return text;
}

}  // namespace

TEST_CASE("hostile: damaged documents are refused, or asked and edited like any other") {
  std::mt19937 random(25);
  for (const auto* name : {"rfc4745-01-ruleset.xml", "rfc4745-03-ruleset.xml", "rfc4745-05-ruleset.xml",
                           "rfc4745-07-ruleset.xml", "rfc5025-01-ruleset.xml"}) {
    const auto text = tests::read_data(std::string("policy/") + name);
    REQUIRE_FALSE(text.empty());
    const auto decided = *rules::with_decision(text, bob, Handling::polite_block);
    for (int round = 0; round < 400; ++round) {
      CAPTURE(name);
      CAPTURE(round);
      use(damaged(text, random));
      use(damaged(decided, random));
    }
  }
}
