// SPDX-License-Identifier: Apache-2.0
// JSON values (RFC 8259).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rollcall::http::json {

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;
/// Members in the order in which they came or will be written.
using Object = std::vector<Member>;

/// A JSON value. Regular: copies, compares.
class Value {
 public:
  Value() = default;                                          // null
  Value(std::nullptr_t) {}                                    // NOLINT: all are meant to convert
  Value(bool flag) : side_(flag) {}                           // NOLINT
  Value(std::int64_t number) : side_(number) {}               // NOLINT
  Value(int number) : side_(std::int64_t{number}) {}          // NOLINT
  Value(double number) : side_(number) {}                     // NOLINT
  Value(std::string text) : side_(std::move(text)) {}         // NOLINT
  Value(std::string_view text) : side_(std::string(text)) {}  // NOLINT
  Value(const char* text) : side_(std::string(text)) {}       // NOLINT
  Value(Array array) : side_(std::move(array)) {}             // NOLINT
  Value(Object object) : side_(std::move(object)) {}          // NOLINT

  /// The side of that type, or null: bool, std::int64_t, double, std::string, Array, Object.
  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&side_);
  }
  [[nodiscard]] bool is_null() const { return side_.index() == 0; }

  /// Member of an object; nullptr when there is none or this is no object.
  [[nodiscard]] const Value* find(std::string_view name) const;
  /// Member of an object. It must be there (tests read answers with it).
  [[nodiscard]] const Value& at(std::string_view name) const;

  /// Calls the function with the side that is there.
  template <class F>
  void visit(const F& function) const {
    std::visit(function, side_);
  }

  friend bool operator==(const Value& a, const Value& b);

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> side_;
};

/// Why a text is no JSON for us.
struct Fault {
  std::string field;  // the member at which reading stopped, e.g. "display_name"; "" at the top
  std::string detail;
};

/// Strict: one value and nothing behind it, no comments, at most 16 levels, each member of an object
/// once, strings valid UTF-8 without NUL, whole numbers within 64 bits.
std::variant<Value, Fault> parse(const std::string& text);

/// Without white space. Bytes that are no UTF-8 come out as U+FFFD, so that it is JSON always.
std::string write(const Value& value);

}  // namespace rollcall::http::json
