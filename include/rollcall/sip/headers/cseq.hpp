// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <rollcall/base/result.hpp>

namespace rollcall::sip {

/// CSeq (RFC 3261 §20.16): a number below 2^31 (§8.1.1.5) and the method. Views.
struct CSeq {
  std::uint32_t number = 0;
  std::string_view method;

  static base::Result<CSeq> parse(std::string_view value);
};

}  // namespace rollcall::sip
