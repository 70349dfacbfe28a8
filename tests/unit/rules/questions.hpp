// SPDX-License-Identifier: Apache-2.0
// Rules as text and questions to them, in few words.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/rules/evaluate.hpp>
#include <rollcall/rules/ruleset.hpp>

#include <doctest/doctest.h>

namespace rollcall::tests {

inline const base::Instant noon{std::chrono::seconds(1'800'000'000)};

/// A document around rules, with the prefixes cp, pr, ocp and x.
inline std::string ruleset_text(std::string_view rules) {
  return "<cp:ruleset xmlns:cp=\"urn:ietf:params:xml:ns:common-policy\""
         " xmlns:pr=\"urn:ietf:params:xml:ns:pres-rules\""
         " xmlns:ocp=\"urn:oma:xml:xdm:common-policy\" xmlns:x=\"urn:example:x\">" +
         std::string(rules) + "</cp:ruleset>";
}

/// A rule; each has the id "r", as evaluation does not ask for it.
inline std::string rule_text(std::string_view conditions, std::string_view handling = "allow",
                             std::string_view transformations = {}) {
  return "<cp:rule id=\"r\"><cp:conditions>" + std::string(conditions) +
         "</cp:conditions><cp:actions><pr:sub-handling>" + std::string(handling) +
         "</pr:sub-handling></cp:actions><cp:transformations>" + std::string(transformations) +
         "</cp:transformations></cp:rule>";
}

inline std::string one(std::string_view id) {
  return "<cp:identity><cp:one id=\"" + std::string(id) + "\"/></cp:identity>";
}

inline rules::Ruleset read_rules_text(const std::string& text) {
  auto ruleset = rules::Ruleset::parse(text);
  CAPTURE(text.substr(0, 4'000));
  CAPTURE((ruleset ? std::string() : ruleset.error().detail));
  REQUIRE(ruleset.ok());
  return *ruleset;
}

/// A question and its circumstances.
struct Question {
  std::vector<std::string> watcher;  // URIs; none: anonymous
  std::string sphere{};
  base::Instant now = noon;
  rules::MemberOf member_of{};
};

inline rules::Verdict ask(const std::vector<const rules::Ruleset*>& rulesets, const Question& question) {
  std::vector<rules::Identity> watcher;
  for (const auto& uri : question.watcher)
    watcher.push_back(*rules::Identity::parse(uri));
  return rules::evaluate(rulesets, {watcher, question.now, question.sphere, question.member_of});
}

inline rules::Verdict ask(const rules::Ruleset& ruleset, const Question& question) {
  return ask(std::vector<const rules::Ruleset*>{&ruleset}, question);
}

/// Does the rule with these conditions match?
inline bool matches(std::string_view conditions, const Question& question) {
  return ask(read_rules_text(ruleset_text(rule_text(conditions))), question).matched;
}

}  // namespace rollcall::tests
