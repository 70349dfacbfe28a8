// SPDX-License-Identifier: Apache-2.0
#include "door.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include <rollcall/http/problem.hpp>
#include <rollcall/xdm/front.hpp>
#include <rollcall/xdm/place.hpp>

#include <fmt/format.h>

namespace rollcall::xdm {

namespace {

constexpr std::string_view pattern = "/xcap/{*rest}";
// The largest that Limits::document_bytes may be; what it is is checked when the body is there.
constexpr std::size_t largest_body = 4'194'304;

struct MethodRow {
  http::Method method;
  xcap::Method xcap;
  base::Metric metric;
};

constexpr MethodRow methods[] = {
    {http::Method::get, xcap::Method::get, base::Metric::xcap_get},
    {http::Method::head, xcap::Method::head, base::Metric::xcap_get},
    {http::Method::put, xcap::Method::put, base::Metric::xcap_put},
    {http::Method::delete_, xcap::Method::delete_, base::Metric::xcap_delete},
};

const MethodRow& row_of(http::Method method) {
  for (const MethodRow& row : methods)
    if (row.method == method) return row;
  return methods[0];  // the route table lets no other in
}

base::Metric class_of(int status) {
  static constexpr base::Metric classes[] = {base::Metric::xcap_2xx, base::Metric::xcap_3xx,
                                             base::Metric::xcap_4xx, base::Metric::xcap_5xx};
  return classes[std::clamp(status / 100, 2, 5) - 2];
}

http::Response response_of(xcap::Outcome outcome) {
  http::Response response{outcome.status, {}, std::move(outcome.body)};
  for (auto& [name, value] : outcome.headers)
    response.headers.push_back({std::move(name), std::move(value)});
  return response;
}

// Of a field that comes several times the values make one list (RFC 9110 §5.3).
std::optional<std::string> list_of(const http::Request& request, std::string_view name) {
  std::optional<std::string> list;
  for (const http::NamedText& field : request.headers)
    if (field.name == name) list = list ? *list + ", " + field.value : field.value;
  return list;
}

xcap::Refusal no_such_user() {
  return {404, "there is no such user", {}, {}};
}

bool writes(http::Method method) {
  return method == http::Method::put || method == http::Method::delete_;
}

}  // namespace

/// What a request is for.
struct Front::Target {
  xcap::Path path;
  sip::Aor owner;  // empty: the global tree

  static std::variant<Target, xcap::Refusal> of(const http::Request& request, const xcap::Limits& limits);
  [[nodiscard]] bool may(const http::Request& request) const;
};

std::variant<Front::Target, xcap::Refusal> Front::Target::of(const http::Request& request,
                                                             const xcap::Limits& limits) {
  auto parsed = xcap::parse_path(request.parameter("rest"), limits);
  if (auto* refusal = std::get_if<xcap::Refusal>(&parsed)) return std::move(*refusal);
  Target target{std::get<xcap::Path>(std::move(parsed)), {}};
  if (target.path.tree == xcap::Tree::global) return target;
  const auto owner = user_of(target.path.xui);
  if (!owner) return no_such_user();
  target.owner = *owner;
  target.path.xui = owner->uri();  // one name for one user, in what is compared and in what is told
  return target;
}

bool Front::Target::may(const http::Request& request) const {
  auto requester = xcap::Requester::other_user;
  if (request.requester.empty())
    requester = xcap::Requester::administrator;
  else if (!owner.empty() && owner.text() == request.requester)
    requester = xcap::Requester::owner;
  return writes(request.method) ? xcap::may_write(path, requester) : xcap::may_read(path, requester);
}

Front::Front(Service& service, std::vector<ShardUsers> shards, std::string token, std::string root,
             base::MetricCells& metrics)
    : service_(service),
      door_(std::make_unique<Door>(std::move(shards), std::move(token))),
      root_(std::move(root)),
      metrics_(metrics) {}

Front::~Front() = default;

std::vector<http::Route> Front::routes() {
  std::vector<http::Route> routes;
  for (const auto method : {http::Method::get, http::Method::put, http::Method::delete_}) {
    http::Route route;
    route.method = method;
    route.pattern = pattern;
    route.body_limit = method == http::Method::put ? largest_body : 0;
    route.function = [this](const http::Request& request) { return answer(request); };
    route.guard = [this](http::Request& request, base::Instant now) { return admit(request, now); };
    routes.push_back(std::move(route));
  }
  return routes;
}

// Before the body is read: is there such a place, who asks, and may they (RFC 4825 §8)?
std::optional<http::Response> Front::admit(http::Request& request, base::Instant now) {
  const auto target = Target::of(request, service_.xcap_limits());
  if (const auto* refusal = std::get_if<xcap::Refusal>(&target)) return response_of(xcap::answer(*refusal));
  const auto& wanted = std::get<Target>(target);
  auto verdict = door_->check(request, wanted.owner.domain(), now);
  if (auto* refusal = std::get_if<http::Response>(&verdict)) return std::move(*refusal);
  request.requester = std::get<std::string>(std::move(verdict));
  count(row_of(request.method).metric);
  if (wanted.may(request)) return std::nullopt;
  auto refusal = refusal_for(wanted);
  count(class_of(refusal.status));
  return refusal;
}

// Somebody else's tree, or nobody's.
http::Response Front::refusal_for(const Target& target) {
  if (target.path.tree == xcap::Tree::users) {
    const auto exists = service_.has_user(target.owner);
    if (!exists) return http::problem(exists.error());
    if (!*exists) return response_of(xcap::answer(no_such_user()));
  }
  return http::problem(http::Problem{403, "this is not yours", {}});
}

http::Response Front::answer(const http::Request& request) {
  auto response = respond(request);
  count(class_of(response.status));
  return response;
}

http::Response Front::respond(const http::Request& request) {
  auto target = Target::of(request, service_.xcap_limits());
  if (const auto* refusal = std::get_if<xcap::Refusal>(&target)) return response_of(xcap::answer(*refusal));
  auto& [path, owner] = std::get<Target>(target);
  xcap::Request wanted;
  wanted.method = row_of(request.method).xcap;
  wanted.path = std::move(path);
  if (const auto type = request.header("content-type")) wanted.content_type = std::string(*type);
  wanted.conditions = {list_of(request, "if-match"), list_of(request, "if-none-match")};
  wanted.body = request.body;
  auto outcome = service_.handle(owner, wanted, root_of(request));
  return outcome ? response_of(std::move(*outcome)) : http::problem(outcome.error());
}

std::string Front::root_of(const http::Request& request) const {
  if (!root_.empty()) return root_;
  return fmt::format("http://{}/xcap", request.header("host").value_or("localhost"));
}

void Front::count(base::Metric metric) {
  const std::lock_guard lock(mutex_);
  metrics_.add(metric);
}

}  // namespace rollcall::xdm
