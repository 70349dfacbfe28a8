// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/accounts/service.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/http/json.hpp>
#include <rollcall/http/request.hpp>
#include <rollcall/http/response.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::app {

/// Somebody who answers requests to the administration interface (docs/openapi.yaml): a running
/// server, or in its place the database of a stopped one.
class Administration {
 public:
  virtual ~Administration() = default;
  /// Error unavailable: no answer came.
  virtual base::Result<http::Response> ask(http::Request request) = 0;
};

/// A user as lists show one.
struct UserRow {
  std::string address;  // "alice@example.org"
  std::string display_name;
  bool enabled = true;
  std::string created;  // RFC 3339
};

/// What became of the lines of an import.
struct ImportReport {
  struct Fault {
    std::int64_t line = 0;
    std::string detail;
  };
  std::int64_t created = 0;
  std::int64_t failed = 0;
  std::vector<std::string> domains_created;
  std::vector<Fault> faults;  // the first ones, if there are very many
};

/// What the user commands do, as requests to the administration interface. Errors carry the detail
/// that it gave.
class Users {
 public:
  explicit Users(Administration& administration) : administration_(administration) {}

  /// True: it was made; false: it exists.
  base::Result<bool> ensure_domain(const std::string& name);
  base::Result<> add(const accounts::NewUser& user);
  /// Comma-separated values with a heading that names the columns. Makes the domains that are missing.
  base::Result<ImportReport> import(const std::string& csv);
  base::Result<> set_password(const sip::Aor& user, const std::string& password);
  base::Result<> set_enabled(const sip::Aor& user, bool enabled);
  base::Result<> remove(const sip::Aor& user);
  /// Calls `show` for each user of a domain ("" for all), by address. not_found: no such domain.
  base::Result<> list(const std::string& domain, const std::function<void(const UserRow&)>& show);

 private:
  using Json = http::json::Value;
  using Path = std::vector<std::string>;

  base::Result<Json> ask(http::Method method, Path path);
  base::Result<Json> ask(http::Method method, Path path, const Json& body);
  base::Result<Json> ask(http::Request request);

  Administration& administration_;
};

}  // namespace rollcall::app
