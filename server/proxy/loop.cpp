// SPDX-License-Identifier: Apache-2.0
#include "loop.hpp"

#include <rollcall/sip/digest.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/via.hpp>

#include <fmt/format.h>

namespace rollcall::proxy {

// The Request-URI alone decides where a request goes. Call-ID and the number in CSeq keep
// transactions apart, so that a collision does not come back (RFC 5393 §4.2.4); the method may not
// count (§4.2.1).
std::string loop_mark(const sip::Message& request, std::string_view secret) {
  const auto& cseq = request.cseq();
  const std::string text =
      fmt::format("{}\n{}\n{}", request.request_uri(), request.first(sip::Header::call_id).value_or(""),
                  cseq ? cseq->number : 0);
  return "-" + sip::sign(secret, "loop", text).substr(0, 16);
}

bool has_looped(const sip::Message& request, std::string_view mark) {
  for (const std::string_view value : request.values(sip::Header::via)) {
    const auto via = sip::Via::parse(value);
    if (via && via->branch().ends_with(mark)) return true;
  }
  return false;
}

}  // namespace rollcall::proxy
