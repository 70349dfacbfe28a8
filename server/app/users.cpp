// SPDX-License-Identifier: Apache-2.0
#include "users.hpp"

#include <rollcall/http/problem.hpp>

#include <fmt/format.h>

namespace rollcall::app {

using base::ErrorCode;
using base::Result;
using http::Method;
namespace json = http::json;

namespace {

using Path = std::vector<std::string>;

Path domains_path() {
  return {"api", "v1", "domains"};
}
Path users_path() {
  return {"api", "v1", "users"};
}
Path user_path(const sip::Aor& user) {
  return {"api", "v1", "users", user.text()};
}

// A member of a document, or the value that means nothing.
template <class T>
T member(const json::Value& object, std::string_view name) {
  const json::Value* found = object.find(name);
  const T* value = found ? found->as<T>() : nullptr;
  return value ? *value : T();
}

// The table of http/problem.hpp, read backwards.
ErrorCode code_of(int status) {
  for (const ErrorCode code :
       {ErrorCode::malformed, ErrorCode::unauthorized, ErrorCode::forbidden, ErrorCode::not_found,
        ErrorCode::conflict, ErrorCode::too_large, ErrorCode::overloaded, ErrorCode::unavailable})
    if (http::status_of(code) == status) return code;
  return ErrorCode::internal;
}

// What is wrong with single fields says more than that something is.
std::string detail_of(int status, const json::Value& problem) {
  std::string fields;
  for (const json::Value& error : member<json::Array>(problem, "errors"))
    fields += fmt::format("{}{}: {}", fields.empty() ? "" : "; ", member<std::string>(error, "field"),
                          member<std::string>(error, "detail"));
  if (!fields.empty()) return fields;
  const auto detail = member<std::string>(problem, "detail");
  return detail.empty() ? fmt::format("the server answered {}", status) : detail;
}

Result<json::Value> read(const http::Response& response) {
  json::Value document;
  if (!response.body.empty()) {
    auto parsed = json::parse(response.body);
    if (auto* value = std::get_if<json::Value>(&parsed)) document = std::move(*value);
  }
  if (response.status >= 200 && response.status < 300) return document;
  return base::Error{code_of(response.status), detail_of(response.status, document)};
}

ImportReport report_of(const json::Value& document) {
  ImportReport report;
  report.created = member<std::int64_t>(document, "created");
  report.failed = member<std::int64_t>(document, "failed");
  for (const json::Value& domain : member<json::Array>(document, "domains_created"))
    if (const auto* name = domain.as<std::string>()) report.domains_created.push_back(*name);
  for (const json::Value& error : member<json::Array>(document, "errors"))
    report.faults.push_back({member<std::int64_t>(error, "line"), member<std::string>(error, "detail")});
  return report;
}

UserRow row_of(const json::Value& user) {
  return {member<std::string>(user, "aor"), member<std::string>(user, "display_name"),
          member<bool>(user, "enabled"), member<std::string>(user, "created")};
}

template <class T>
Result<> without_value(const Result<T>& result) {
  if (!result) return result.error();
  return base::Done{};
}

}  // namespace

Result<bool> Users::ensure_domain(const std::string& name) {
  const auto made = ask(Method::post, domains_path(), json::Object{{"name", name}});
  if (made) return true;
  if (made.error().code == ErrorCode::conflict) return false;
  return made.error();
}

Result<> Users::add(const accounts::NewUser& user) {
  return without_value(ask(Method::post, users_path(),
                           json::Object{{"username", user.username},
                                        {"domain", user.domain},
                                        {"password", user.password},
                                        {"display_name", user.display_name},
                                        {"enabled", user.enabled}}));
}

Result<ImportReport> Users::import(const std::string& csv) {
  http::Request request;
  request.method = Method::post;
  request.segments = {"api", "v1", "users:import"};
  request.query = {{"create_domains", "true"}};
  request.headers = {{"content-type", "text/csv"}};
  request.body = csv;
  const auto answer = ask(std::move(request));
  if (!answer) return answer.error();
  return report_of(*answer);
}

Result<> Users::set_password(const sip::Aor& user, const std::string& password) {
  Path path = user_path(user);
  path.emplace_back("password");
  return without_value(ask(Method::put, std::move(path), json::Object{{"password", password}}));
}

Result<> Users::set_enabled(const sip::Aor& user, bool enabled) {
  return without_value(ask(Method::patch, user_path(user), json::Object{{"enabled", enabled}}));
}

Result<> Users::remove(const sip::Aor& user) {
  return without_value(ask(Method::delete_, user_path(user)));
}

Result<> Users::list(const std::string& domain, const std::function<void(const UserRow&)>& show) {
  if (!domain.empty()) {
    Path path = domains_path();
    path.push_back(domain);
    if (const auto exists = ask(Method::get, std::move(path)); !exists) return exists.error();
  }
  http::Request request;
  request.segments = users_path();
  std::string cursor;
  do {
    request.query = {{"limit", "1000"}};
    if (!domain.empty()) request.query.push_back({"domain", domain});
    if (!cursor.empty()) request.query.push_back({"cursor", cursor});
    const auto page = ask(request);
    if (!page) return page.error();
    for (const Json& item : member<json::Array>(*page, "items"))
      show(row_of(item));
    cursor = member<std::string>(*page, "next");
  } while (!cursor.empty());
  return base::Done{};
}

Result<Users::Json> Users::ask(Method method, Path path) {
  http::Request request;
  request.method = method;
  request.segments = std::move(path);
  return ask(std::move(request));
}

Result<Users::Json> Users::ask(Method method, Path path, const Json& body) {
  http::Request request;
  request.method = method;
  request.segments = std::move(path);
  request.headers = {{"content-type", "application/json"}};
  request.body = json::write(body);
  return ask(std::move(request));
}

Result<Users::Json> Users::ask(http::Request request) {
  const auto response = administration_.ask(std::move(request));
  if (!response) return response.error();
  return read(*response);
}

}  // namespace rollcall::app
