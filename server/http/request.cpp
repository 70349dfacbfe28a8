// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include <rollcall/http/request.hpp>

namespace rollcall::http {

namespace {

struct MethodRow {
  Method method;
  std::string_view name;
};

constexpr MethodRow methods[] = {
    {Method::get, "GET"},     {Method::head, "HEAD"},      {Method::post, "POST"},       {Method::put, "PUT"},
    {Method::patch, "PATCH"}, {Method::delete_, "DELETE"}, {Method::options, "OPTIONS"},
};

std::optional<std::string_view> first_value(const std::vector<NamedText>& list, std::string_view name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const NamedText& item) { return item.name == name; });
  if (found == list.end()) return std::nullopt;
  return found->value;
}

}  // namespace

std::string_view to_string(Method method) {
  return methods[static_cast<std::size_t>(method)].name;
}

std::optional<Method> method_of(std::string_view name) {
  for (const MethodRow& row : methods)
    if (row.name == name) return row.method;
  return std::nullopt;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  return first_value(headers, name);
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  return first_value(query, name);
}

const std::string& Request::parameter(std::string_view name) const {
  for (const NamedText& item : parameters)
    if (item.name == name) return item.value;
  throw std::logic_error("the route has no parameter " + std::string(name));
}

}  // namespace rollcall::http
