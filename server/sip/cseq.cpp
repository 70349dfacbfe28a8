// SPDX-License-Identifier: Apache-2.0
#include "scanner.hpp"

#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::sip {

base::Result<CSeq> CSeq::parse(std::string_view value) {
  Scanner in(trim(value));
  const auto digits = in.take_all(digit_chars);
  const auto number = parse_number(digits);
  if (digits.empty()) return base::malformed("no number");
  if (!number || *number > 0x7fff'ffff) return base::malformed("the number is not below 2^31");
  if (!in.skip_space()) return base::malformed("no space after the number");
  const auto method = in.token();
  if (method.empty() || !in.at_end()) return base::malformed("no method");
  return CSeq{*number, method};
}

}  // namespace rollcall::sip
