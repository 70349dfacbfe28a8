// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/sip/endpoint.hpp>

namespace rollcall::net {

/// An address that the server listens on.
struct Listen {
  sip::Transport transport = sip::Transport::udp;
  sip::Endpoint address;  // port 0: one that the system picks, the same for all shards

  /// "udp:127.0.0.1:5060", "tcp:[::1]:5060".
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Listen&, const Listen&) = default;
};

/// Reads "udp:HOST:PORT" or "tcp:HOST:PORT". HOST is an IP literal (IPv6 in brackets), or "*" for
/// every address of the machine, which gives two: 0.0.0.0 and [::]. Errors: malformed, unsupported
/// for a transport that is not served.
base::Result<std::vector<Listen>> parse_listen(std::string_view text);

}  // namespace rollcall::net
