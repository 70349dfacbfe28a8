// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/http/json.hpp>
#include <rollcall/http/problem.hpp>

namespace rollcall::http {

/// Reads the members of a JSON body one by one and collects what is wrong with them, so that one
/// answer tells all of it. Reads return something harmless where there was an error.
class Fields {
 public:
  /// Takes a request's body; a text that is no JSON object becomes the problem of finish().
  explicit Fields(const std::string& body);

  /// Says what is wrong with a text, "" when nothing is.
  using Rule = std::string (*)(const std::string& text);
  /// The text of a member that must be there.
  std::string text(std::string_view name, Rule rule);
  std::optional<std::string> optional_text(std::string_view name, Rule rule);
  std::optional<bool> optional_flag(std::string_view name);
  /// A whole number within these bounds.
  std::optional<std::int64_t> optional_number(std::string_view name, std::int64_t lowest,
                                              std::int64_t highest);

  /// Adds an error that the caller found.
  void reject(std::string_view name, std::string detail);

  /// Call last. A member that nobody asked for is an error too: a typing mistake must not be silent.
  [[nodiscard]] std::optional<Problem> finish();

 private:
  const json::Value* take(std::string_view name);

  json::Value body_;
  std::optional<Problem> broken_;
  std::set<std::string, std::less<>> asked_;
  std::vector<FieldError> errors_;
};

}  // namespace rollcall::http
