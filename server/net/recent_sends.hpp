// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "out_queue.hpp"

#include <array>
#include <cstddef>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/sip/endpoint.hpp>

namespace rollcall::net {

/// The last datagrams that somebody wants to hear the failure of, since an ICMP error names only the
/// address that could not be reached. Lives on one reactor's thread.
class RecentSends {
 public:
  void add(const sip::Endpoint& remote, Token token, base::Instant now);
  /// The tokens of what was sent to this address a short time ago; each is given once.
  std::vector<Token> take(const sip::Endpoint& remote, base::Instant now);

 private:
  struct Send {
    sip::Endpoint remote;
    Token token;
    base::Instant at{};
  };
  std::array<Send, 1024> ring_{};
  std::size_t next_ = 0;
};

}  // namespace rollcall::net
