// SPDX-License-Identifier: Apache-2.0
// Errors as application/problem+json (RFC 9457), made in one place.
#pragma once

#include <string>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/http/response.hpp>

namespace rollcall::http {

/// The one table from codes to HTTP statuses.
int status_of(base::ErrorCode code);

/// What is wrong with one member of a body or one parameter.
struct FieldError {
  std::string field;
  std::string detail;

  friend bool operator==(const FieldError&, const FieldError&) = default;
};

struct Problem {
  int status = 500;
  std::string detail;              // one line for a person
  std::vector<FieldError> errors;  // may be empty

  friend bool operator==(const Problem&, const Problem&) = default;
};

/// The answer to a problem. Statuses for which coming back helps (429, 503) get Retry-After.
Response problem(const Problem& problem);
Response problem(const base::Error& error);

/// 400 for one wrong field.
Problem invalid(std::string field, std::string detail);

}  // namespace rollcall::http
