// SPDX-License-Identifier: Apache-2.0
// One request while it is being answered.
#pragma once

#include "compiled.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <rollcall/rules/evaluate.hpp>

namespace rollcall::rules {

class Evaluation {
 public:
  Evaluation(std::span<const Ruleset* const> rulesets, const Request& request);

  Verdict run();

 private:
  void ask(const CompiledRules& compiled);
  [[nodiscard]] CompiledRules::Places about_watcher(const CompiledRules& compiled) const;
  bool holds(const Rule& rule);
  [[nodiscard]] bool covers(const IdentityCondition& condition) const;
  [[nodiscard]] bool covers(const Many& many) const;
  [[nodiscard]] bool is_in_sphere(const std::vector<std::string>& names) const;
  bool is_valid(const std::vector<Period>& periods);
  bool is_on(const std::vector<std::string>& lists);
  bool is_on_list(const std::string& list);
  bool is_referenced();
  bool is_referenced_by(const CompiledRules& compiled);
  void combine(const Rule& rule);

  std::span<const Ruleset* const> rulesets_;
  const Request& request_;
  std::string sphere_;  // in lower case
  Verdict verdict_;
  std::optional<Permissions> combined_;  // once two matching rules differ
  std::optional<bool> referenced_;       // found out when a rule asks
  std::unordered_map<std::string_view, bool, base::KeyedHash> lists_;
};

}  // namespace rollcall::rules
