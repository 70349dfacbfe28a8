// SPDX-License-Identifier: Apache-2.0
// Whether messages wait for somebody (RFC 3842).
#include "agent_records.hpp"

#include <fmt/format.h>

namespace rollcall::presence {

// RFC 3842 §5.2: the status line, and a count for each class of messages: new ones, and old ones, of which
// there are none, as what was fetched is gone.
std::string Agent::messages_text(const sip::Aor& aor) const {
  const std::size_t waiting = messages_waiting_ ? messages_waiting_(aor.text()) : 0;
  return fmt::format("Messages-Waiting: {}\r\nMessage-Account: sip:{}\r\nText-Message: {}/0\r\n",
                     waiting > 0 ? "yes" : "no", aor.text(), waiting);
}

}  // namespace rollcall::presence
