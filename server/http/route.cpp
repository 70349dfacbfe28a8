// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <exception>
#include <utility>

#include <rollcall/base/log.hpp>
#include <rollcall/http/problem.hpp>
#include <rollcall/http/route.hpp>

#include <fmt/format.h>

namespace rollcall::http {

namespace {

constexpr base::Log log{"http"};

std::vector<std::string> segments_of(std::string_view pattern) {
  std::vector<std::string> segments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // the '/'
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    if (end > 0) segments.emplace_back(pattern.substr(0, end));
    pattern.remove_prefix(end);
  }
  return segments;
}

bool is_parameter(const std::string& segment) {
  return segment.front() == '{';
}

/// What a target that was accepted holds behind that many segments of its path, as it was sent.
std::string rest_of(std::string_view target, std::size_t segments) {
  // RFC 9112 §3.2.2: in an absolute-form the path begins behind the authority.
  if (!target.starts_with('/'))
    target.remove_prefix(std::min(target.find('/', target.find("//") + 2), target.size()));
  for (std::size_t at = 0; at <= segments && !target.empty(); ++at) {
    if (at > 0) target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
    if (target.starts_with('/')) target.remove_prefix(1);
  }
  return std::string(target);
}

std::string allowed(const std::vector<Method>& methods) {
  std::string list = "OPTIONS";
  for (const Method method : methods) {
    list += fmt::format(", {}", to_string(method));
    if (method == Method::get) list += ", HEAD";
  }
  return list;
}

/// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type(std::string_view value) {
  std::string type(value.substr(0, value.find(';')));
  while (!type.empty() && type.back() == ' ')
    type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return std::tolower(c); });
  return type;
}

bool has_body(const Request& request) {
  return request.header("transfer-encoding").has_value() ||
         request.header("content-length").value_or("0") != "0";
}

}  // namespace

Router::Router(std::vector<Route> routes, std::string token) : guard_(std::move(token)) {
  for (Route& route : routes) {
    auto segments = segments_of(route.pattern);
    Row row{std::move(route), std::move(segments), ""};
    if (!row.segments.empty() && row.segments.back().starts_with("{*")) {
      row.rest = row.segments.back().substr(2, row.segments.back().size() - 3);
      row.segments.pop_back();
    }
    rows_.push_back(std::move(row));
  }
}

bool Router::matches(const Row& row, const std::vector<std::string>& segments) {
  if (segments.size() < row.segments.size()) return false;
  const auto end =
      row.rest.empty() ? segments.end() : segments.begin() + static_cast<long>(row.segments.size());
  return std::equal(row.segments.begin(), row.segments.end(), segments.begin(), end,
                    [](const std::string& expected, const std::string& got) {
                      return is_parameter(expected) ? !got.empty() : expected == got;
                    });
}

void Router::fill_in(const Row& row, Request& request) {
  for (std::size_t i = 0; i < row.segments.size(); ++i) {
    const std::string& name = row.segments[i];
    if (is_parameter(name))
      request.parameters.push_back({name.substr(1, name.size() - 2), request.segments[i]});
  }
  if (!row.rest.empty())
    request.parameters.push_back({row.rest, rest_of(request.target, row.segments.size())});
}

std::optional<Response> Router::check(const Route& route, Request& request, base::Instant now) {
  if (route.guard) return route.guard(request, now);
  return route.role == Role::administrator ? guard_.check(request, now) : std::nullopt;
}

std::variant<const Route*, Response> Router::admit(Request& request, base::Instant now) {
  if (request.target == "*")
    return Response{204, {{"Allow", "OPTIONS, GET, HEAD, POST, PUT, PATCH, DELETE"}}, ""};
  const Method wanted = request.method == Method::head ? Method::get : request.method;
  const Row* found = nullptr;
  std::vector<Method> methods;
  for (const Row& row : rows_) {
    if (!matches(row, request.segments)) continue;
    methods.push_back(row.route.method);
    if (row.route.method == wanted) found = &row;
  }
  if (methods.empty()) return problem(Problem{404, "there is nothing at this path", {}});
  if (request.method == Method::options) return Response{204, {{"Allow", allowed(methods)}}, ""};
  if (found == nullptr) {
    Response response = problem(Problem{405, fmt::format("{} is not done here", to_string(wanted)), {}});
    response.headers.push_back({"Allow", allowed(methods)});
    return response;
  }
  fill_in(*found, request);
  if (auto refusal = check(found->route, request, now)) return std::move(*refusal);
  const bool typed = !found->route.consumes.empty();
  if (typed && has_body(request) &&
      media_type(request.header("content-type").value_or("")) != found->route.consumes)
    return problem(Problem{415, fmt::format("the body must be {}", found->route.consumes), {}});
  return &found->route;
}

Response Router::call(const Route& route, const Request& request) {
  try {
    return route.function(request);
  } catch (const std::exception& error) {
    log.error("handler-failed", base::kv("method", to_string(request.method)),
              base::kv("path", route.pattern), base::kv("error", std::string_view(error.what())));
    return problem(Problem{500, "something went wrong here", {}});
  }
}

Response Router::answer(Request request, base::Instant now) {
  const auto admission = admit(request, now);
  if (const auto* response = std::get_if<Response>(&admission)) return *response;
  return call(*std::get<const Route*>(admission), request);
}

}  // namespace rollcall::http
