// SPDX-License-Identifier: Apache-2.0
// The way of a request: RFC 3261 §16.3 to §16.6.
#include "context.hpp"
#include "loop.hpp"
#include "route_token.hpp"

#include <iterator>

#include <rollcall/base/log.hpp>
#include <rollcall/proxy/proxy.hpp>
#include <rollcall/registrar/destination.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

namespace rollcall::proxy {

namespace {

using sip::Header;
using sip::Method;

constexpr base::Log logger{"proxy"};

// Requests that make a dialog, which we stay in the middle of (RFC 3261 §16.6 step 4).
bool makes_dialog(Method method) {
  return method == Method::invite || method == Method::subscribe || method == Method::refer;
}

// The way back to whoever sent this: the last proxy that stays in the dialog, else the caller itself.
sip::Flow flow_to_caller(const engine::Request& request) {
  const sip::Message& message = *request.message;
  const auto routes = message.values(Header::record_route);
  const auto contacts = message.values(Header::contact);
  const auto next = sip::NameAddr::parse(!routes.empty()     ? routes.front()
                                         : !contacts.empty() ? contacts.front()
                                                             : "");
  if (!next) return request.flow;
  const bool behind_nat = registrar::is_behind_nat(message, request.flow);
  return registrar::destination_for(next->uri.text, request.flow, behind_nat).flow;
}

}  // namespace

Proxy::Proxy(engine::Shard& shard, const registrar::Registrar& registrar)
    : shard_(shard), registrar_(registrar) {}

Proxy::~Proxy() = default;

void Proxy::on_request(engine::Request request, const sip::Aor& target) {
  if (const auto refusal = check_forwarding(*request.message)) return shard_.reply(request, *refusal);
  std::string mark = loop_mark(*request.message, shard_.run().secret);
  if (has_looped(*request.message, mark)) return shard_.reply(request, sip::Reply(482));
  std::vector<Target> targets = targets_of(request, target);
  if (targets.empty()) return shard_.reply(request, sip::Reply(480));
  logger.debug("forward", base::kv("call_id", request.message->first(Header::call_id).value_or("")),
               base::kv("aor", target.text()), base::kv("targets", targets.size()));
  forward(std::move(request), std::move(targets), std::move(mark));
}

// RFC 3261 §16.4, §16.12. We stand in the Route set twice, once for each side of the call: the
// last of ours names the side that the request goes to.
void Proxy::on_routed(engine::Request request) {
  const sip::Message& message = *request.message;
  const std::string_view call_id = message.first(Header::call_id).value_or("");
  const auto routes = message.values(Header::route);
  std::optional<sip::Flow> flow;
  auto next = routes.begin();
  for (; next != routes.end(); ++next) {
    const auto ours = read_route(*next, call_id, shard_.run());
    if (!ours) break;
    flow = ours;
  }
  // Without a To tag it would be a new call, which its caller has to be authenticated for.
  if (!flow || !message.has_to_tag())
    return shard_.reply(request, sip::Reply(403, "Forbidden: the Route is not of this dialog"));
  if (const auto refusal = check_forwarding(message)) return shard_.reply(request, *refusal);
  if (flow->connection != 0 && !shard_.wire().is_open(*flow)) flow->connection = 0;
  Target target = target_along(*flow, message, {next, routes.end()});
  if (message.method() == Method::ack) {
    return shard_.transactions().send_once(target.destination,
                                           write_copy(request, target, breadth_of(message)), nullptr);
  }
  std::vector<Target> targets;
  targets.push_back(std::move(target));
  forward(std::move(request), std::move(targets), "");
}

bool Proxy::is_our_route(std::string_view route, std::string_view call_id) const {
  return read_route(route, call_id, shard_.run()).has_value();
}

// RFC 3261 §16.5, with the Record-Route of §16.6 step 4.
std::vector<Target> Proxy::targets_of(const engine::Request& request, const sip::Aor& aor) const {
  std::vector<Target> targets;
  for (const model::Binding* binding : registrar_.targets(aor.text())) {
    if (targets.size() >= static_cast<std::size_t>(shard_.limits().forks)) break;
    targets.push_back(target_of(*binding));
  }
  if (!makes_dialog(request.message->method())) return targets;
  const std::string_view call_id = request.message->first(Header::call_id).value_or("");
  const auto route = [&](const sip::Flow& to, const sip::Flow& our_side) {
    return write_route(to, shard_.transactions().sent_by(our_side), call_id, shard_.run());
  };
  const std::string to_caller = route(flow_to_caller(request), request.flow);
  for (Target& target : targets)
    target.record_routes = {route(target.destination.flow, target.destination.flow), to_caller};
  return targets;
}

void Proxy::forward(engine::Request request, std::vector<Target> targets, std::string loop_mark) {
  const engine::TransactionId id = request.transaction;
  auto made = std::make_unique<Context>();
  Context& context = *made;
  context.request = std::make_shared<const engine::Request>(std::move(request));
  context.loop_mark = std::move(loop_mark);
  context.waiting = std::move(targets);
  contexts_.emplace(id, std::move(made));
  // Before any device is called, as this answer may bring the CANCEL that was here before its INVITE.
  if (context.is_invite()) shard_.reply(*context.request, sip::Reply(100));
  proceed(id, context);
}

// Goes on to the next group when the last one has failed, and ends the context when there is none.
void Proxy::proceed(const engine::TransactionId& id, Context& context) {
  while (context.open == 0 && !context.waiting.empty())
    start_group(id, context);
  if (context.open > 0) return;
  if (!context.answered) answer_with_best(context);
  contexts_.erase(id);
}

// RFC 3261 §16.6: equal q in parallel, highest first. The breadth is shared out (RFC 5393 §5.3.3).
void Proxy::start_group(const engine::TransactionId& id, Context& context) {
  const int breadth = breadth_of(*context.request->message);
  const auto count = static_cast<std::ptrdiff_t>(group_size(context.waiting, breadth));
  const auto begin = context.waiting.begin();
  std::vector<Target> group(std::make_move_iterator(begin), std::make_move_iterator(begin + count));
  context.waiting.erase(begin, begin + count);
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const auto share = breadth / count + (i < breadth % count ? 1 : 0);
    start_branch(id, context, group[static_cast<std::size_t>(i)], static_cast<int>(share));
  }
}

void Proxy::start_branch(const engine::TransactionId& id, Context& context, const Target& target,
                         int breadth) {
  const std::size_t index = context.branches.size();
  Branch& branch = *context.branches.emplace_back(std::make_unique<Branch>(*this));
  branch.client = shard_.transactions().send(
      context.request->message->method(), target.destination, write_copy(*context.request, target, breadth),
      nullptr, [this, id, index](const engine::Answer& answer) { on_answer(id, index, answer); },
      shard_.now(), context.loop_mark);
  if (branch.client == 0) return context.fail_for_overload(branch);
  ++context.open;
  if (context.is_invite()) shard_.wheel().set(branch, shard_.now() + timer_c);
}

}  // namespace rollcall::proxy
