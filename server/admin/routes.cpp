// SPDX-License-Identifier: Apache-2.0
#include "resources.hpp"

#include <utility>

namespace rollcall::admin {

namespace {

using enum http::Method;
using enum http::Role;

constexpr std::string_view json = "application/json";
constexpr std::string_view csv = "text/csv";
constexpr std::string_view nothing = "";
constexpr std::size_t small = 16'384;
constexpr std::size_t large = 33'554'432;

constexpr RouteRow rows[] = {
    {get, "/", anyone, nothing, 0, operation::welcome},
    {get, "/healthz", anyone, nothing, 0, operation::health},
    {get, "/readyz", anyone, nothing, 0, operation::readiness},
    {get, "/metrics", anyone, nothing, 0, operation::metrics},
    {get, "/api/v1/openapi.yaml", anyone, nothing, 0, operation::description},

    {get, "/api/v1/domains", administrator, nothing, 0, domains::list},
    {post, "/api/v1/domains", administrator, json, small, domains::create},
    {get, "/api/v1/domains/{domain}", administrator, nothing, 0, domains::get},
    {delete_, "/api/v1/domains/{domain}", administrator, nothing, 0, domains::remove},

    {get, "/api/v1/users", administrator, nothing, 0, users::list},
    {post, "/api/v1/users", administrator, json, small, users::create},
    {post, "/api/v1/users:import", administrator, csv, large, users::import},
    {get, "/api/v1/users/{aor}", administrator, nothing, 0, users::get},
    {patch, "/api/v1/users/{aor}", administrator, json, small, users::update},
    {delete_, "/api/v1/users/{aor}", administrator, nothing, 0, users::remove},
    {put, "/api/v1/users/{aor}/password", administrator, json, small, users::set_password},

    {get, "/api/v1/users/{aor}/buddies", administrator, nothing, 0, buddies::list},
    {post, "/api/v1/users/{aor}/buddies", administrator, json, small, buddies::create},
    {get, "/api/v1/users/{aor}/buddies/{uri}", administrator, nothing, 0, buddies::get},
    {put, "/api/v1/users/{aor}/buddies/{uri}", administrator, json, small, buddies::put},
    {delete_, "/api/v1/users/{aor}/buddies/{uri}", administrator, nothing, 0, buddies::remove},

    {get, "/api/v1/users/{aor}/registrations", administrator, nothing, 0, registrations::list},
    {delete_, "/api/v1/users/{aor}/registrations", administrator, nothing, 0, registrations::remove_all},
    {delete_, "/api/v1/users/{aor}/registrations/{id}", administrator, nothing, 0, registrations::remove},

    {get, "/api/v1/users/{aor}/presence", administrator, nothing, 0, presence_of_user::get},
    {put, "/api/v1/users/{aor}/presence/status", administrator, json, small, presence_of_user::set_status},
    {delete_, "/api/v1/users/{aor}/presence/status", administrator, nothing, 0,
     presence_of_user::clear_status},

    {get, "/api/v1/users/{aor}/watchers", administrator, nothing, 0, watchers::list},
    {put, "/api/v1/users/{aor}/watchers/{watcher}", administrator, json, small, watchers::put},
    {delete_, "/api/v1/users/{aor}/watchers/{watcher}", administrator, nothing, 0, watchers::remove},

    {get, "/api/v1/users/{aor}/messages", administrator, nothing, 0, messages::list},
    {delete_, "/api/v1/users/{aor}/messages", administrator, nothing, 0, messages::remove_all},
    {delete_, "/api/v1/users/{aor}/messages/{id}", administrator, nothing, 0, messages::remove},
};

std::vector<http::Route> routes_for(const Services& services, std::vector<http::Route> routes) {
  for (const RouteRow& row : rows) {
    routes.push_back({row.method, row.pattern, row.role, row.consumes, row.body_limit,
                      [&services, function = row.function](const http::Request& request) {
                        return function(services, request);
                      }});
  }
  return routes;
}

}  // namespace

std::span<const RouteRow> route_rows() {
  return rows;
}

Api::Api(Services services, std::string token, std::vector<http::Route> others)
    : services_(std::move(services)), router_(routes_for(services_, std::move(others)), std::move(token)) {}

}  // namespace rollcall::admin
