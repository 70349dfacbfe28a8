// SPDX-License-Identifier: Apache-2.0
// What is routed and not handled here: calls, and whatever belongs to their dialogs (RFC 3261 §16).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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

struct Target;

/// Stateful proxy of one shard. Lives on the shard's thread.
class Proxy {
 public:
  Proxy(engine::Shard& shard, const registrar::Registrar& registrar);
  ~Proxy();

  /// A request out of any dialog, of an authenticated user to a user of this shard that exists: forked
  /// to the user's devices, best answer back. 480 when none is registered.
  void on_request(engine::Request request, const sip::Aor& target);

  /// A request (or an ACK for a 2xx) whose topmost Route is ours, on the shard that it arrived at: part of
  /// a dialog that on_request started, if it has a To tag and the signature in the Route says so. 403
  /// else, an ACK is dropped.
  void on_routed(engine::Request request);

  /// The INVITE of this transaction is given up by its caller. Unknown ones are ignored: every shard
  /// is asked.
  void cancel(const engine::TransactionId& invite);

  /// Does this Route or Record-Route value carry our signature for this Call-ID?
  [[nodiscard]] bool is_our_route(std::string_view route, std::string_view call_id) const;

  /// Requests that wait for a final answer of some device.
  [[nodiscard]] std::size_t context_count() const { return contexts_.size(); }

 private:
  struct Branch;
  struct Context;
  struct IdHash {
    std::size_t operator()(const engine::TransactionId& id) const {
      return std::hash<std::uint64_t>{}(id.number << 16 | id.shard);
    }
  };

  [[nodiscard]] std::vector<Target> targets_of(const engine::Request& request, const sip::Aor& aor) const;
  void forward(engine::Request request, std::vector<Target> targets, std::string loop_mark);
  void proceed(const engine::TransactionId& id, Context& context);
  void start_group(const engine::TransactionId& id, Context& context);
  void start_branch(const engine::TransactionId& id, Context& context, const Target& target, int breadth);

  void on_answer(const engine::TransactionId& id, std::size_t branch, const engine::Answer& answer);
  void stop_searching(Context& context);
  void give_up(Branch& branch);
  void answer_with_best(const Context& context);

  engine::Shard& shard_;
  const registrar::Registrar& registrar_;
  std::unordered_map<engine::TransactionId, std::unique_ptr<Context>, IdHash> contexts_;
};

}  // namespace rollcall::proxy
