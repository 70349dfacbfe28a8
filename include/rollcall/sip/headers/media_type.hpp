// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include <rollcall/base/result.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::sip {

class Message;

/// Content-Type, or one range of Accept (RFC 3261 §20.15, §20.1). Views.
struct MediaType {
  std::string_view type, subtype;  // "*" in a range
  Params params;

  static base::Result<MediaType> parse(std::string_view value);

  /// "application/pidf+xml", compared without case and without parameters.
  [[nodiscard]] bool is(std::string_view full_type) const;
  /// Read as a range: does it take this type?
  [[nodiscard]] bool accepts(std::string_view full_type) const;
};

/// Would the sender of this message take a body of this type? True without any Accept header when
/// `by_default` says so; a q of 0 refuses (RFC 3261 §20.1).
bool accepts(const Message& message, std::string_view full_type, bool by_default);

}  // namespace rollcall::sip
