// SPDX-License-Identifier: Apache-2.0
// What is routed and not handled here: calls, and whatever belongs to their dialogs (RFC 3261 §16).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/engine/request.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/registrar/registrar.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::proxy {

/// Stateful proxy of one shard. Lives on the shard's thread.
class Proxy {
 public:
  Proxy(engine::Shard& shard, const registrar::Registrar& registrar);
  ~Proxy();

  /// A request out of any dialog, of an authenticated user to a user of this shard that exists: forked
  /// to the user's devices, best answer back. 480 when none is registered.
  void on_request(engine::Request request, const sip::Aor& target);

  /// A request (or an ACK for a 2xx) whose topmost Route is ours, on the shard that it arrived at: part of
  /// a dialog that on_request started, if the signature in the Route says so. 403 else, an ACK is dropped.
  void on_routed(engine::Request request);

  /// The INVITE of this transaction is given up by its caller. Unknown ones are ignored: every shard
  /// is asked.
  void cancel(const engine::TransactionId& invite);

  /// Does this Route or Record-Route value carry our signature for this Call-ID?
  [[nodiscard]] bool is_our_route(std::string_view route, std::string_view call_id) const;

 private:
  struct Context;

  engine::Shard& shard_;
  const registrar::Registrar& registrar_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Context>> contexts_;
  std::uint64_t next_context_ = 1;
};

}  // namespace rollcall::proxy
