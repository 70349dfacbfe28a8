// SPDX-License-Identifier: Apache-2.0
// A document of presence authorization rules, ready to be asked (RFC 4745, RFC 5025).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/result.hpp>

namespace rollcall::rules {

inline constexpr std::string_view media_type = "application/auth-policy+xml";  // RFC 5025 §3
inline constexpr std::string_view common_policy_namespace = "urn:ietf:params:xml:ns:common-policy";
inline constexpr std::string_view pres_rules_namespace = "urn:ietf:params:xml:ns:pres-rules";
/// OMA XDM's conditions: external-list, anonymous-request, other-identity.
inline constexpr std::string_view oma_policy_namespace = "urn:oma:xml:xdm:common-policy";

/// How much of a document we are willing to keep.
struct RulesetBounds {
  std::size_t bytes = 524'288;
  std::size_t depth = 32;
  std::size_t rules = 2'000;
  std::size_t values = 40'000;  // identities, domains, lists, spheres, periods and members of sets, in all
};

struct CompiledRules;

/// All rules of one document. Copies share what they hold, which never changes; any thread.
///
/// Read strictly where leniency would show somebody more (RFC 5025 §10):
/// - What a rule cannot be asked about does not hold: an unknown child of <conditions>, <identity> or
///   <one> (RFC 4745 §7), a period without a timezone (erratum 1455) or without its pair (§7.4).
/// - An exception that cannot be read excludes everybody from its <many>.
/// - Unknown actions and transformations, and values that these do not have, permit nothing.
/// - A rule without <conditions>, or with none in it, always matches (erratum 5208).
/// - <identity> without a child matches nobody but an unauthenticated watcher (RFC 5025 §3.1.1.2).
class Ruleset {
 public:
  /// No rules.
  Ruleset();

  /// Errors: too_large past a bound; malformed when guard() refuses the document or its root is not
  /// <ruleset> of common policy. Takes time linear in the size.
  static base::Result<Ruleset> parse(std::string_view document, const RulesetBounds& bounds = {});

  /// Number of rules.
  [[nodiscard]] std::size_t size() const;

  /// What else an answer depends on: the presentity's sphere, and these lists, each once, as they are
  /// written.
  [[nodiscard]] bool asks_for_sphere() const;
  [[nodiscard]] std::vector<std::string> lists() const;

  /// For evaluate().
  [[nodiscard]] const CompiledRules& compiled() const { return *compiled_; }

 private:
  explicit Ruleset(std::shared_ptr<const CompiledRules> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const CompiledRules> compiled_;  // never null
};

}  // namespace rollcall::rules
