// SPDX-License-Identifier: Apache-2.0
// %HH escapes in URIs, and comparison that sees through them (RFC 3261 §19.1.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rollcall::sip {

enum class Case : std::uint8_t { heed, ignore };

/// Equal, where a character stands for its escape unless it is one of the reserved set.
bool equal_escaped(std::string_view a, std::string_view b, Case letters);

/// Goes through name[=value] pairs: URI parameters (between ';') or URI headers (between '&').
struct PairCursor {
  std::string_view rest;
  char separator;
  std::string_view name{}, value{};
  bool has_value = false;
  bool next();
};

/// Value of the first pair with this name; "" for one without a value.
std::optional<std::string_view> find_pair(std::string_view pairs, char separator, std::string_view name);

}  // namespace rollcall::sip
