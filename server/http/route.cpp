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
    rows_.push_back({std::move(route), std::move(segments)});
  }
}

bool Router::matches(const Row& row, const std::vector<std::string>& segments) {
  return std::equal(row.segments.begin(), row.segments.end(), segments.begin(), segments.end(),
                    [](const std::string& expected, const std::string& got) {
                      return is_parameter(expected) ? !got.empty() : expected == got;
                    });
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
  if (found->route.role == Role::administrator)
    if (auto refusal = guard_.check(request, now)) return std::move(*refusal);
  const bool typed = !found->route.consumes.empty();
  if (typed && has_body(request) &&
      media_type(request.header("content-type").value_or("")) != found->route.consumes)
    return problem(Problem{415, fmt::format("the body must be {}", found->route.consumes), {}});

  for (std::size_t i = 0; i < found->segments.size(); ++i) {
    const std::string& name = found->segments[i];
    if (is_parameter(name))
      request.parameters.push_back({name.substr(1, name.size() - 2), request.segments[i]});
  }
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
