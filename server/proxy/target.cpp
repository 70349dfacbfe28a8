// SPDX-License-Identifier: Apache-2.0
#include "target.hpp"

#include <algorithm>

#include <rollcall/registrar/destination.hpp>
#include <rollcall/sip/headers/name_addr.hpp>
#include <rollcall/sip/headers/params.hpp>

#include <fmt/format.h>

namespace rollcall::proxy {

namespace {

using sip::Header;

constexpr int usual_hops = 70;
constexpr std::uint32_t usual_breadth = 60;

// RFC 3261 §16.6 step 6: a strict router finds itself in the Request-URI.
void postprocess_routes(Target& target) {
  if (target.routes.empty()) return;
  const auto first = sip::NameAddr::parse(target.routes.front());
  if (!first || first->uri.param("lr")) return;
  target.routes.push_back(fmt::format("<{}>", target.request_uri));
  target.request_uri = sip::as_request_uri(first->uri);
  target.routes.erase(target.routes.begin());
}

// Credentials for us carry the realm of the sender's domain.
std::string_view realm_of(const sip::Message& request) {
  const auto& from = request.from();
  return from ? from->uri.host : std::string_view();
}

}  // namespace

Target target_of(const model::Binding& binding) {
  Target target;
  const auto contact = sip::Uri::parse(binding.contact);
  target.request_uri = contact ? sip::as_request_uri(*contact) : binding.contact;
  target.routes = binding.path;
  target.destination = registrar::destination_of(binding);
  target.q = binding.q;
  postprocess_routes(target);
  return target;
}

Target target_along(const sip::Flow& flow, const sip::Message& request, std::vector<std::string> routes) {
  Target target;
  target.request_uri = request.request_uri();
  target.routes = std::move(routes);
  target.destination = {flow, std::nullopt};
  const auto next = target.routes.empty() ? base::Result<sip::NameAddr>(base::not_found("no route"))
                                          : sip::NameAddr::parse(target.routes.front());
  // A peer that is reached at its own address listens there on TCP as well, for what is too large.
  auto direct = registrar::destination_for(next ? next->uri.text : request.request_uri(), flow, false);
  if (direct.flow == flow) target.destination = std::move(direct);
  postprocess_routes(target);
  return target;
}

std::size_t group_size(const std::vector<Target>& targets, int breadth) {
  const auto lower = std::find_if(targets.begin(), targets.end(),
                                  [&](const Target& target) { return target.q != targets.front().q; });
  return std::min(static_cast<std::size_t>(lower - targets.begin()), static_cast<std::size_t>(breadth));
}

std::optional<int> hops_left(const sip::Message& request) {
  const auto value = request.first(Header::max_forwards);
  if (!value) return usual_hops;
  const auto hops = sip::parse_number(*value);
  if (!hops || *hops == 0) return std::nullopt;
  return static_cast<int>(std::min<std::uint32_t>(*hops, 255)) - 1;
}

int breadth_of(const sip::Message& request) {
  const auto value = request.first("Max-Breadth");
  const auto breadth = value ? sip::parse_number(*value) : std::nullopt;
  return static_cast<int>(std::min(breadth.value_or(usual_breadth), usual_breadth));
}

std::optional<sip::Reply> check_forwarding(const sip::Message& request) {
  if (!hops_left(request)) return sip::Reply(483);
  std::string unsupported;
  for (const std::string_view tag : request.values(Header::proxy_require))
    unsupported.append(unsupported.empty() ? "" : ", ").append(tag);
  if (!unsupported.empty()) return sip::Reply(420).with(Header::unsupported, unsupported);
  if (breadth_of(request) == 0) return sip::Reply(440);
  return std::nullopt;
}

sip::Unsent write_copy(const engine::Request& request, const Target& target, int breadth) {
  sip::Forward forward;
  forward.request_uri = target.request_uri;
  forward.record_routes = target.record_routes;
  forward.routes = target.routes;
  forward.max_forwards = hops_left(*request.message).value_or(0);
  forward.max_breadth = breadth;
  forward.source = request.flow.remote;
  forward.drop_authorization = true;
  forward.realm = realm_of(*request.message);
  return sip::write_forward(*request.message, forward);
}

}  // namespace rollcall::proxy
