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
  int retry_after = 5;             // seconds; told with the statuses for which coming back helps

  friend bool operator==(const Problem&, const Problem&) = default;
};

/// The answer to a problem; 429 and 503 say when to come back (Retry-After).
Response problem(const Problem& problem);
Response problem(const base::Error& error);

/// 400 for one wrong field; "": for the whole of it.
Problem invalid(std::string field, std::string detail);

}  // namespace rollcall::http
