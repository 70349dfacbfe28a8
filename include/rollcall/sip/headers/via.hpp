// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <rollcall/base/result.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::sip {

/// One Via value (RFC 3261 §20.42). Views.
struct Via {
  std::string_view text;       // this value alone
  std::string_view transport;  // "UDP", as written
  std::string_view host;       // sent-by, IPv6 with brackets
  std::uint16_t port = 0;      // 0: none written
  Params params;

  static base::Result<Via> parse(std::string_view value);

  [[nodiscard]] std::string_view branch() const { return params.get("branch").value_or(""); }
  /// Is it a branch that RFC 3261 §8.1.1.7 made unique?
  [[nodiscard]] static bool has_magic_cookie(std::string_view branch) {
    return branch.starts_with("z9hG4bK") && branch.size() > 7;
  }
  [[nodiscard]] bool has_magic_cookie() const { return has_magic_cookie(branch()); }
};

}  // namespace rollcall::sip
