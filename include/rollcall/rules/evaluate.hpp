// SPDX-License-Identifier: Apache-2.0
// The question that rules answer: what may this watcher see, now?
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <rollcall/base/clock.hpp>
#include <rollcall/rules/identity.hpp>
#include <rollcall/rules/permissions.hpp>
#include <rollcall/rules/ruleset.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::rules {

/// Says whether a watcher is on the list with this URI, as the rule wrote it. Asked once a list.
using MemberOf = std::function<bool(std::string_view list, const Identity& watcher)>;

/// Who asks, and under which circumstances. Everything is borrowed for the call.
struct Request {
  std::span<const Identity>
      watcher;  // authenticated identities, each counts (RFC 5025 §3.1.1.2); none: anonymous
  base::Instant now;
  std::string_view sphere;  // of the presentity, see sphere_of(); "" for undefined
  MemberOf member_of;       // empty: nobody is on any list
};

/// What a watcher is given.
struct Verdict {
  bool matched = false;                  // a rule is about the watcher, or he is the presentity
  Handling handling = Handling::block;   // the default of RFC 5025 §3.2.1
  std::shared_ptr<const Grant> grant;    // never null; counts when handling is allow
  std::optional<base::Instant> changes;  // when a validity may change the answer; nullopt for never
  std::size_t rules_examined = 0;        // how many had their conditions looked at

  /// Who has the same key is shown the same document: of the permissions when allowed, "polite-block" when
  /// politely blocked, "" for those who are shown none. Borrowed from the verdict's grant.
  [[nodiscard]] std::string_view body_key() const;
};

/// Asks all rules of a presentity, which may stand in several documents (RFC 5025 §9.7), and combines
/// what the matching ones permit (RFC 4745 §10). Sphere and lists are the caller's to watch: a change
/// of them asks again, and so does the time `changes`.
///
/// Looks only at the rules that name the watcher or his domain, and at those that could be about
/// anybody. OMA's other-identity is true for an authenticated watcher whom no other rule of any of
/// the documents is about: neither its identities nor its lists, whatever else it asks for.
/// Pure but for the callback; any thread.
Verdict evaluate(std::span<const Ruleset* const> rulesets, const Request& request);

/// What happens to a watcher whom no rule is about.
enum class DomainDefault : std::uint8_t {
  allow_domain,  // users of the presentity's domain see everything, others wait for an approval
  open,          // everybody who is authenticated sees everything
  confirm,       // everybody waits for an approval
  block,         // RFC 5025 §3.2.1: no rule, no presence
};

/// "allow-domain", "open", "confirm", "block"; nullopt for another word.
std::optional<DomainDefault> domain_default_of(std::string_view word);
std::string_view to_string(DomainDefault value);

/// evaluate(), with what stands around it: one always sees oneself, and when no rule matches the
/// default of the domain counts. Nobody can approve an anonymous watcher, so for him it is block.
Verdict decide(std::span<const Ruleset* const> rulesets, const Request& request, const sip::Aor& presentity,
               DomainDefault otherwise);

}  // namespace rollcall::rules
