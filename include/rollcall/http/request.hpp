// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::http {

/// The methods that are let in; any other is answered 501.
enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options };

std::string_view to_string(Method method);
std::optional<Method> method_of(std::string_view name);

/// A name and its value: a header field, a query parameter, a parameter of the path.
struct NamedText {
  std::string name;
  std::string value;

  friend bool operator==(const NamedText&, const NamedText&) = default;
};

/// One request, checked and taken apart. Every text in it but the body is clean (see
/// is_clean_text); of a header that comes twice both are there.
struct Request {
  Method method = Method::get;
  std::string target;                 // path and query as they were sent, for logs
  std::vector<std::string> segments;  // the path, each part percent-decoded; "/" has none
  std::vector<NamedText> query;       // percent-decoded, in the order sent
  std::vector<NamedText> headers;     // names in lower case
  std::vector<NamedText> parameters;  // what stood in place of each {name} of the route
  std::string body;
  std::string peer;       // the address that the connection came from, without the port
  std::string requester;  // who asks, where the route's guard has found out

  /// First header of that lower-case name.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// First query parameter of that name.
  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
  /// A parameter of the path. The route must have it.
  [[nodiscard]] const std::string& parameter(std::string_view name) const;
};

}  // namespace rollcall::http
