// SPDX-License-Identifier: Apache-2.0
// What a function that can fail returns: a value, or an Error that says what the caller can do.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace rollcall::base {

/// What a caller can do about an error. Each code has one SIP status and one HTTP status
/// (sip/status.hpp and http/problem.hpp hold the two tables).
enum class ErrorCode : std::uint8_t {
  malformed,     // the input breaks its grammar: mend it
  unauthorized,  // say who you are
  forbidden,     // you may not
  not_found,     // there is no such thing
  conflict,      // it exists already, or is newer than you think
  precondition,  // your condition does not hold (If-Match, SIP-If-Match)
  too_large,     // past a limit of size or number
  unsupported,   // understood, but not done here
  overloaded,    // come back later, the server is busy
  unavailable,   // come back later, something the server needs is gone
  internal,      // our fault
};

/// Name of a code as it stands in logs, e.g. "not_found".
const char* to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string detail;  // one line for a person; never holds a secret

  friend bool operator==(const Error&, const Error&) = default;
};

/// Marks success without a value.
struct Done {
  friend bool operator==(const Done&, const Done&) = default;
};

/// A T, or why there is none. Reading the side that is not there is a broken contract of the caller.
template <class T = Done>
class [[nodiscard]] Result {
 public:
  Result(T value) : side_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: meant to convert
  Result(Error error) : side_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: meant to convert

  [[nodiscard]] bool ok() const { return side_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(side_); }
  const T& value() const& { return std::get<0>(side_); }
  T&& value() && { return std::get<0>(std::move(side_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const { return std::get<1>(side_); }

 private:
  std::variant<T, Error> side_;
};

inline Error malformed(std::string detail) {
  return {ErrorCode::malformed, std::move(detail)};
}
inline Error not_found(std::string detail) {
  return {ErrorCode::not_found, std::move(detail)};
}
inline Error unavailable(std::string detail) {
  return {ErrorCode::unavailable, std::move(detail)};
}

}  // namespace rollcall::base
