// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <rollcall/sip/endpoint.hpp>

namespace rollcall::engine {

/// A body that several messages share, so that a NOTIFY to a thousand watchers holds it once.
/// Shared ownership because a client transaction may outlive the state that the body shows.
using SharedBody = std::shared_ptr<const std::string>;

/// The way out, as a shard sees it; net implements it, tests record it. Lives on the shard's thread.
class Wire {
 public:
  virtual ~Wire() = default;

  /// Sends one message, head and body (may be null). The bytes are taken over or copied before it
  /// returns. A stream flow with connection 0 is opened to flow.remote, or an open connection to
  /// that address is used again. `token` comes back in Shard::on_send_failed when the message
  /// certainly did not leave (connection refused, closed, reset, ICMP for UDP where the kernel
  /// tells); 0: nobody wants to know. Never blocks.
  virtual void send(const sip::Flow& flow, std::string_view head, const SharedBody& body,
                    std::uint64_t token) = 0;

  /// True while a stream flow's connection is open. UDP: always true.
  [[nodiscard]] virtual bool is_open(const sip::Flow& flow) const = 0;
};

}  // namespace rollcall::engine
