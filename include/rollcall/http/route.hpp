// SPDX-License-Identifier: Apache-2.0
// The table that says which function answers which request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <rollcall/http/bearer.hpp>
#include <rollcall/http/request.hpp>
#include <rollcall/http/response.hpp>

namespace rollcall::http {

/// Who may call a route.
enum class Role : std::uint8_t { anyone, administrator };

/// One row. Its texts are borrowed from a table that outlives it.
struct Route {
  Method method = Method::get;
  /// "/api/v1/users/{aor}": {name} stands for one segment. "/files/{*rest}": {*name}, which comes last,
  /// stands for what is left of the path and for the query, as they were sent; "" when nothing is.
  std::string_view pattern;
  Role role = Role::administrator;
  std::string_view consumes;  // media type of the body; "": takes no body
  std::size_t body_limit = 0;
  std::function<Response(const Request&)> function;
  /// Asked before a body is read, in place of the role; it may say in the request who asks. nullopt: let in.
  std::function<std::optional<Response>(Request&, base::Instant)> guard = {};
};

/// Finds the row of a request. HEAD is answered by GET's row; OPTIONS and 405 with Allow follow from
/// the table; what is in no row is 404. Any thread, once made.
class Router {
 public:
  Router(std::vector<Route> routes, std::string token);

  /// The row, with the request's path parameters filled in; or the answer to give without reading
  /// a body: 404, 405, 401, 429, or 204 to OPTIONS.
  std::variant<const Route*, Response> admit(Request& request, base::Instant now);

  /// Calls the row's function, when the body is there. What it throws is a 500 and a log line.
  static Response call(const Route& route, const Request& request);

  /// Both in one, for a request that is complete.
  Response answer(Request request, base::Instant now);

 private:
  struct Row {
    Route route;
    std::vector<std::string> segments;  // without the rest
    std::string rest;                   // the name that it has; "": the row takes none
  };
  static bool matches(const Row& row, const std::vector<std::string>& segments);
  static void fill_in(const Row& row, Request& request);
  std::optional<Response> check(const Route& route, Request& request, base::Instant now);

  std::vector<Row> rows_;
  BearerGuard guard_;
};

}  // namespace rollcall::http
