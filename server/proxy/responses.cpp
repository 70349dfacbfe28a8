// SPDX-License-Identifier: Apache-2.0
// The way of the answers: RFC 3261 §16.7 to §16.10.
#include "context.hpp"

#include <rollcall/engine/outcome.hpp>
#include <rollcall/proxy/best_response.hpp>
#include <rollcall/proxy/proxy.hpp>

namespace rollcall::proxy {

void Proxy::Context::fail_for_overload(Branch& branch) {
  branch.open = false;
  overloaded = true;
  keep(503, nullptr);
}

// RFC 3261 §16.7 step 4, and what step 7 will need.
void Proxy::Context::keep(int status, const sip::Message* response) {
  if (best == 0 || is_better(status, best)) {
    best = status;
    best_bytes = response ? response->bytes() : "";
    return;
  }
  if (!response || (status != 401 && status != 407)) return;
  for (const auto& field : response->fields())
    if (field.id == sip::Header::www_authenticate || field.id == sip::Header::proxy_authenticate)
      challenges.emplace_back(field.id, field.value);
}

// RFC 3261 §16.7 step by step. A 2xx goes back whatever has become of its context: again when it comes
// again, and from a branch that was cancelled too late (RFC 6026 §7.2). The server transaction knows
// which answers it still may send.
void Proxy::on_answer(const engine::TransactionId& id, std::size_t index, const engine::Answer& answer) {
  const int status = answer.unreachable ? 503 : answer.status();  // §16.9
  const bool is_2xx = status >= 200 && status < 300;
  if (answer.response && status > 100 && status < 300)
    shard_.reply_bytes(id, status, sip::write_backward(*answer.response));  // steps 3, 5 and 9
  const auto found = contexts_.find(id);
  if (found == contexts_.end()) return;
  Context& context = *found->second;
  Branch& branch = *context.branches[index];
  if (!branch.open) return;
  if (status < 200) {
    if (status > 100 && branch.is_set()) shard_.wheel().set(branch, shard_.now() + timer_c);  // step 2
    return;
  }
  branch.open = false;
  branch.cancel();
  --context.open;
  context.answered = context.answered || is_2xx;
  if (!is_2xx) context.keep(status, answer.response);
  // Who asked with another method than INVITE has given up by the time that a branch does (timer F).
  if (answer.timed_out && !context.is_invite()) context.waiting.clear();
  if (is_2xx || status >= 600) stop_searching(context);  // steps 5 and 10
  proceed(id, context);
}

void Proxy::cancel(const engine::TransactionId& invite) {
  const auto found = contexts_.find(invite);
  if (found == contexts_.end()) return;
  found->second->cancelled = true;
  stop_searching(*found->second);
}

// RFC 3261 §16.7 step 10, §16.10. From here on the client transactions end on their own.
void Proxy::stop_searching(Context& context) {
  context.waiting.clear();
  if (!context.is_invite()) return;
  for (const auto& branch : context.branches) {
    if (!branch->open) continue;
    branch->cancel();
    shard_.transactions().cancel(branch->client, shard_.now());
  }
}

// RFC 3261 §16.8. A branch without any answer has ended by its timer B long before.
void Proxy::give_up(Branch& branch) {
  shard_.transactions().cancel(branch.client, shard_.now());
}

// RFC 3261 §16.7 steps 6 to 9.
void Proxy::answer_with_best(const Context& context) {
  const engine::Request& request = *context.request;
  if (context.best == 408 && !context.is_invite()) return;  // RFC 4320 §4.2
  const bool unanswered = context.best == 0 || context.best == 408;
  if (unanswered && context.cancelled) return shard_.reply(request, sip::Reply(487));
  if (context.best == 503 && context.overloaded)
    return shard_.reply(request, engine::refusal({base::ErrorCode::overloaded, "too many transactions"}));
  // Some device's or hop's 503 is not ours, and no reason for the caller to avoid us.
  if (context.best == 503)
    return shard_.reply(request, sip::Reply(500, "Server Internal Error: no device reached"));
  const auto response = sip::Message::parse(context.best_bytes, shard_.limits());
  if (!response) return shard_.reply(request, sip::Reply(context.best));
  const bool challenges = context.best == 401 || context.best == 407;
  using Added = std::span<const std::pair<sip::Header, std::string>>;
  shard_.reply_bytes(request.transaction, context.best,
                     sip::write_backward(**response, challenges ? Added(context.challenges) : Added()));
}

}  // namespace rollcall::proxy
