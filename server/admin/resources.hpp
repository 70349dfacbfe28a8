// SPDX-License-Identifier: Apache-2.0
// The functions of the route table: one namespace and one file a resource.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <rollcall/admin/api.hpp>
#include <rollcall/http/request.hpp>
#include <rollcall/http/response.hpp>
#include <rollcall/http/route.hpp>

namespace rollcall::admin {

using Function = http::Response (*)(const Services& services, const http::Request& request);

/// One row of the table.
struct RouteRow {
  http::Method method;
  std::string_view pattern;
  http::Role role;
  std::string_view consumes;  // "": takes no body
  std::size_t body_limit;
  Function function;
};

/// All routes of the interface.
std::span<const RouteRow> route_rows();

/// docs/openapi.yaml as it was when the server was built.
std::string_view openapi_document();

namespace domains {
http::Response list(const Services& services, const http::Request& request);
http::Response get(const Services& services, const http::Request& request);
http::Response create(const Services& services, const http::Request& request);
http::Response remove(const Services& services, const http::Request& request);
}  // namespace domains

namespace users {
http::Response list(const Services& services, const http::Request& request);
http::Response get(const Services& services, const http::Request& request);
http::Response create(const Services& services, const http::Request& request);
http::Response update(const Services& services, const http::Request& request);
http::Response remove(const Services& services, const http::Request& request);
http::Response set_password(const Services& services, const http::Request& request);
http::Response import(const Services& services, const http::Request& request);
}  // namespace users

namespace buddies {
http::Response list(const Services& services, const http::Request& request);
http::Response get(const Services& services, const http::Request& request);
http::Response create(const Services& services, const http::Request& request);
http::Response put(const Services& services, const http::Request& request);
http::Response remove(const Services& services, const http::Request& request);
}  // namespace buddies

namespace registrations {
http::Response list(const Services& services, const http::Request& request);
http::Response remove(const Services& services, const http::Request& request);
http::Response remove_all(const Services& services, const http::Request& request);
}  // namespace registrations

namespace presence_of_user {
http::Response get(const Services& services, const http::Request& request);
http::Response set_status(const Services& services, const http::Request& request);
http::Response clear_status(const Services& services, const http::Request& request);
}  // namespace presence_of_user

namespace watchers {
http::Response list(const Services& services, const http::Request& request);
http::Response put(const Services& services, const http::Request& request);
http::Response remove(const Services& services, const http::Request& request);
}  // namespace watchers

namespace messages {
http::Response list(const Services& services, const http::Request& request);
http::Response remove(const Services& services, const http::Request& request);
http::Response remove_all(const Services& services, const http::Request& request);
}  // namespace messages

namespace operation {
http::Response welcome(const Services& services, const http::Request& request);
http::Response health(const Services& services, const http::Request& request);
http::Response readiness(const Services& services, const http::Request& request);
http::Response metrics(const Services& services, const http::Request& request);
http::Response description(const Services& services, const http::Request& request);
}  // namespace operation

}  // namespace rollcall::admin
