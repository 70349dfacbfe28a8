// SPDX-License-Identifier: Apache-2.0
// Any bytes as presence rules: what can be read can be asked, and a decision can be put in and taken out.
#include "expect.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <rollcall/rules/edit.hpp>
#include <rollcall/rules/evaluate.hpp>
#include <rollcall/rules/transform.hpp>

using rollcall::fuzz::expect;
using namespace rollcall::rules;

namespace {

Verdict ask(const Ruleset& ruleset, const Identity& watcher) {
  const Ruleset* const rulesets[] = {&ruleset};
  return evaluate(rulesets, {{&watcher, 1}, {}, "work", [](auto, const auto&) { return true; }});
}

Ruleset read(std::string_view text) {
  auto ruleset = Ruleset::parse(text);
  expect(ruleset.ok(), "an edited document can be read");
  return *ruleset;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto ruleset = Ruleset::parse(text);
  if (!ruleset) return 0;
  static const auto aor = *rollcall::sip::Aor::parse("bob@example.com");
  static const Identity watcher(aor);
  const auto before = ask(*ruleset, watcher);
  transform(unavailable_document(aor), before.grant->permissions);

  const auto edited = with_decision(text, aor, Handling::allow);
  if (!edited) return 0;  // at a bound
  expect(ask(read(*edited), watcher).handling == Handling::allow, "a decision to allow allows");
  const auto undone = without_decision(*edited, aor);
  expect(undone.ok(), "an edited document can be edited");
  const auto again = without_decision(*undone, aor);
  expect(again.ok() && *again == *undone, "what was taken out is gone");
  return 0;
}
