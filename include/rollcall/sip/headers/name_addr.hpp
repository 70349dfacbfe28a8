// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <rollcall/base/result.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::sip {

/// A name-addr or addr-spec with header parameters: From, To, Contact, Route, Record-Route, Path,
/// Refer-To (RFC 3261 §20.10, §25.1). Views. Without angle brackets every parameter belongs to the
/// header, and a URI with a comma, question mark or semicolon is not allowed.
struct NameAddr {
  std::string_view text;          // this value alone
  std::string_view display_name;  // as written, quotes kept
  Uri uri;
  Params params;
  bool bracketed = false;

  static base::Result<NameAddr> parse(std::string_view value);

  [[nodiscard]] std::string_view tag() const { return params.get("tag").value_or(""); }
};

}  // namespace rollcall::sip
