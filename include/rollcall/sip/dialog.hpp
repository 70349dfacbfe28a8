// SPDX-License-Identifier: Apache-2.0
// A dialog as the notifier of a subscription keeps it (RFC 3261 §12, RFC 6665 §4.4.1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/base/text.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::sip {

/// The state of a dialog whose UAS we are (RFC 3261 §12.1.1). Texts, as it outlives the request.
struct Dialog {
  base::Text call_id;
  base::Text local_tag;
  base::Text remote_tag;               // "": the peer gave none (RFC 2543)
  base::Text local_uri;                // the URI of the To of the request that made it: our From
  base::Text remote_uri;               // the URI of its From: our To
  base::Text remote_target;            // its Contact's URI, as it may stand in a Request-URI
  std::vector<std::string> route_set;  // its Record-Route values, in order, as written
  std::uint32_t local_cseq = 0;
  std::uint32_t remote_cseq = 0;

  /// From a request without To tag. Error malformed when the Contact is missing or no SIP URI
  /// (§12.1.1, §8.1.1.8), or a Record-Route is no name-addr.
  static base::Result<Dialog> from_request(const Message& request, std::string local_tag);

  /// A request in this dialog came (§12.2.2): error internal when its CSeq is lower than the last
  /// one (to be answered 500), malformed when its Contact is no SIP URI. Else remembers its CSeq and,
  /// when it has a Contact, the remote target; after an error nothing has changed.
  base::Result<> on_request(const Message& request);

  /// The next hop: the first route, else the remote target. A URI, without angle brackets.
  [[nodiscard]] std::string_view next_hop() const;

  /// Starts a request in the dialog (§12.2.1.1): request line, an open Via, Max-Forwards, Route, From, To,
  /// Call-ID, CSeq. Strict routers (no lr) are served as that section
  /// says. The caller adds its own headers and the body.
  void begin_request(Writer& writer, std::string_view method, std::uint32_t cseq) const;

  friend bool operator==(const Dialog&, const Dialog&) = default;
};

}  // namespace rollcall::sip
