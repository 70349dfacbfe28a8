// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include <rollcall/http/problem.hpp>

namespace rollcall::http {

using base::ErrorCode;

int status_of(ErrorCode code) {
  struct Row {
    ErrorCode code;
    int status;
  };
  static constexpr Row rows[] = {
      {ErrorCode::malformed, 400},   {ErrorCode::unauthorized, 401}, {ErrorCode::forbidden, 403},
      {ErrorCode::not_found, 404},   {ErrorCode::conflict, 409},     {ErrorCode::precondition, 412},
      {ErrorCode::too_large, 413},   {ErrorCode::unsupported, 415},  {ErrorCode::overloaded, 503},
      {ErrorCode::unavailable, 503}, {ErrorCode::internal, 500},
  };
  for (const Row& row : rows)
    if (row.code == code) return row.status;
  return 500;
}

Response problem(const Problem& problem) {
  json::Object body = {{"type", "about:blank"},
                       {"title", reason_phrase(problem.status)},
                       {"status", problem.status},
                       {"detail", problem.detail}};
  if (!problem.errors.empty()) {
    json::Array errors;
    for (const FieldError& error : problem.errors)
      errors.emplace_back(json::Object{{"field", error.field}, {"detail", error.detail}});
    body.emplace_back("errors", std::move(errors));
  }
  Response response{problem.status, {{"Content-Type", "application/problem+json"}}, json::write(body)};
  if (problem.status == 429 || problem.status == 503)
    response.headers.push_back({"Retry-After", std::to_string(problem.retry_after)});
  return response;
}

Response problem(const base::Error& error) {
  return problem(Problem{status_of(error.code), error.detail, {}});
}

Problem invalid(std::string field, std::string detail) {
  if (field.empty()) return {400, std::move(detail), {}};
  std::string summary = field + ": " + detail;
  return {400, std::move(summary), {{std::move(field), std::move(detail)}}};
}

}  // namespace rollcall::http
