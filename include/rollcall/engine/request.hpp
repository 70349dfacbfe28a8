// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include <rollcall/base/clock.hpp>
#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::engine {

/// Names a server transaction: the shard that the request arrived at, and which one there.
struct TransactionId {
  std::uint16_t shard = 0;
  std::uint64_t number = 0;  // 0: none (an ACK, or a request that is answered without memory of it)

  friend bool operator==(const TransactionId&, const TransactionId&) = default;
};

/// A request on its way through the server. Owned by one shard at a time, handed over by mailbox.
struct Request {
  std::unique_ptr<sip::Message> message;
  sip::Flow flow;  // what it came on
  TransactionId transaction;
  base::Instant received{};
  sip::Aor sender;  // who it is from, once authenticated; empty before
};

}  // namespace rollcall::engine
