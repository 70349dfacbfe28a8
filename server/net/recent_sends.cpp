// SPDX-License-Identifier: Apache-2.0
#include "recent_sends.hpp"

#include <utility>

namespace rollcall::net {

namespace {

// Longer than a round trip takes, and shorter than it takes to send again to where somebody else
// has come up since (T1 to 2*T1).
constexpr auto recent = std::chrono::seconds(1);

}  // namespace

void RecentSends::add(const sip::Endpoint& remote, Token token, base::Instant now) {
  ring_[next_] = {remote, token, now};
  next_ = (next_ + 1) % ring_.size();
}

std::vector<Token> RecentSends::take(const sip::Endpoint& remote, base::Instant now) {
  std::vector<Token> tokens;
  for (Send& send : ring_) {
    if (send.token.number == 0 || send.remote != remote || now - send.at > recent) continue;
    tokens.push_back(std::exchange(send.token, {}));
  }
  return tokens;
}

}  // namespace rollcall::net
