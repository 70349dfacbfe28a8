// SPDX-License-Identifier: Apache-2.0
// The words that an XML document is made of, read from the front.
#pragma once

#include "scope.hpp"

#include <cstddef>
#include <string_view>

namespace rollcall::xml {

/// A place in a text. What it hands out are views into that text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

  /// The line that it stands on, from 1.
  [[nodiscard]] std::size_t line() const;

  /// Each moves past what it names, and says whether that was there.
  bool skip(std::string_view token);
  bool skip_space();

  /// A name without a colon; "" when none begins here.
  std::string_view read_name();

  /// A name with one colon at most, and something on both sides of it (Namespaces in XML 1.0 §4).
  bool read_qname(QName& name);

  /// What stands between two quotes of either kind. False, and the place is kept, without them.
  bool read_quoted(std::string_view& value);

 protected:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace rollcall::xml
