// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rollcall/base/result.hpp>

namespace rollcall::sip {

/// The ";name=value" tail of a header, read when asked. Views only.
class Params {
 public:
  Params() = default;

  /// Checks the whole tail (generic-param, RFC 3261 §25.1): token names, values that are tokens,
  /// hosts or quoted strings, no name twice (§7.3.1), at most 64. `text` begins at the first
  /// semicolon, or is empty.
  static base::Result<Params> parse(std::string_view text);

  /// Value of a parameter by name without case; "" when it has none; quotes are kept: see unquote().
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return get(name).has_value(); }
  [[nodiscard]] std::string_view text() const { return text_; }  // from the first semicolon on

  /// Goes through all: sets name and value and returns true, or false at the end.
  struct Cursor {
    std::string_view rest;
    std::string_view name, value;
    bool next();
  };
  [[nodiscard]] Cursor cursor() const { return {text_, {}, {}}; }

 private:
  std::string_view text_;
};

/// Takes the quotes off a quoted string and undoes its escapes; other text comes back as it is.
std::string unquote(std::string_view text);
/// Makes a quoted string of a text.
std::string quote(std::string_view text);
/// Equal without regard to case, ASCII only.
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);
/// Decimal number without sign; nullopt on anything else, or past the 2^32-1 of delta-seconds.
std::optional<std::uint32_t> parse_number(std::string_view text);
/// Well-formed UTF-8 (RFC 3629 §4): no overlong forms, no surrogates. What comes in a header field may
/// be otherwise, so ask before it is kept.
bool is_utf8(std::string_view text);

}  // namespace rollcall::sip
