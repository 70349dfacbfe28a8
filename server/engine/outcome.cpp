// SPDX-License-Identifier: Apache-2.0
#include <rollcall/engine/outcome.hpp>
#include <rollcall/sip/status.hpp>

namespace rollcall::engine {

sip::Reply refusal(const base::Error& error) {
  sip::Reply reply(sip::status_of(error.code));
  if (!error.detail.empty() && reply.status != 500) {
    reply.reason = std::string(sip::reason_phrase(reply.status)) + ": " + error.detail;
  }
  if (error.code == base::ErrorCode::overloaded || error.code == base::ErrorCode::unavailable)
    reply.with(sip::Header::retry_after, "5");
  return reply;
}

}  // namespace rollcall::engine
