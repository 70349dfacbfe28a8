// SPDX-License-Identifier: Apache-2.0
// Decisions about watchers as rules in a document that clients edit too.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <rollcall/base/result.hpp>
#include <rollcall/rules/permissions.hpp>
#include <rollcall/rules/ruleset.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::rules {

/// Our rules, one for each handling, have an id that begins so; no rule of a client is touched.
inline constexpr std::string_view own_rule_prefix = "rollcall_";

struct Decision {
  sip::Aor watcher;
  Handling handling = Handling::confirm;

  friend bool operator==(const Decision&, const Decision&) = default;
};

/// A new document with these decisions; the last about a watcher counts. Allowed watchers see everything.
/// Valid by the schemas of RFC 4745 §13 and RFC 5025 §7.
std::string document_of(std::span<const Decision> decisions);

/// `document` with this decision about `watcher` in place of an earlier one of ours; "" is a document
/// without rules. He is added as a <one> to our rule of that handling ("rollcall_allow", "rollcall_block",
/// "rollcall_confirm", "rollcall_polite-block"), which is made when it is missing. All else keeps every byte.
///
/// Rules only ever give (RFC 5025 §3.2.1): a decision below what another rule of the document gives
/// the watcher changes nothing for him. Who must know asks evaluate() about the result.
///
/// Errors: those of Ruleset::parse(), before and after: the result is never past the bounds.
base::Result<std::string> with_decision(std::string_view document, const sip::Aor& watcher, Handling handling,
                                        const RulesetBounds& bounds = {});

/// `document` without our decision about `watcher`; an own rule that is left without anybody goes. The
/// same bytes when there was none; "" stays "". Errors: those of Ruleset::parse().
base::Result<std::string> without_decision(std::string_view document, const sip::Aor& watcher,
                                           const RulesetBounds& bounds = {});

}  // namespace rollcall::rules
