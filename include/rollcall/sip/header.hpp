// SPDX-License-Identifier: Apache-2.0
// The table of header fields that the server reads or writes by name.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rollcall::sip {

enum class Header : std::uint8_t {
  via,
  from,
  to,
  call_id,
  cseq,
  max_forwards,
  contact,
  route,
  record_route,
  path,
  service_route,
  expires,
  min_expires,
  content_type,
  content_length,
  content_encoding,
  content_disposition,
  content_language,
  accept,
  accept_encoding,
  accept_language,
  allow,
  allow_events,
  supported,
  unsupported,
  require,
  proxy_require,
  authorization,
  www_authenticate,
  proxy_authorization,
  proxy_authenticate,
  authentication_info,
  event,
  subscription_state,
  sip_etag,
  sip_if_match,
  date,
  timestamp,
  user_agent,
  server,
  warning,
  retry_after,
  reason,
  subject,
  priority,
  mime_version,
  in_reply_to,
  reply_to,
  refer_to,
  referred_by,
  rack,
  rseq,
  session_expires,
  min_se,
  replaces,
  other,  // kept verbatim under its own name
};

struct HeaderRow {
  Header id;
  std::string_view name;     // as we write it
  char compact;              // 0: no compact form
  bool list;                 // may appear as a comma-separated list (RFC 3261 §7.3.1)
  bool once;                 // more than one field of it makes the message malformed
  std::string_view section;  // where it is defined, e.g. "RFC 3261 §20.42"
};

std::span<const HeaderRow> header_rows();
const HeaderRow& row_of(Header id);

/// By full or compact name, in any case.
Header header_of(std::string_view name);

inline std::string_view name_of(Header id) {
  return row_of(id).name;
}

}  // namespace rollcall::sip
