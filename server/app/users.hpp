// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <rollcall/accounts/service.hpp>
#include <rollcall/app/configuration.hpp>
#include <rollcall/base/result.hpp>

namespace rollcall::app {

/// A user as lists show one.
struct UserRow {
  std::string address;  // "alice@example.org"
  std::string display_name;
  bool enabled = true;
  std::string created;  // RFC 3339
};

/// What the user commands work on: a running server, or the database of a stopped one. Both come
/// to accounts::Service, so that the same rules hold and errors read the same.
class Users {
 public:
  virtual ~Users() = default;

  /// True: it was made; false: it exists.
  virtual base::Result<bool> ensure_domain(const std::string& name) = 0;
  virtual base::Result<> add(const accounts::NewUser& user) = 0;
  /// One result for each, in their order. At most import_batch at once.
  virtual base::Result<std::vector<base::Result<>>> import(const std::vector<accounts::NewUser>& users) = 0;
  static constexpr std::size_t import_batch = 1'000;
  virtual base::Result<> change(const sip::Aor& user, const accounts::UserPatch& patch) = 0;
  virtual base::Result<> remove(const sip::Aor& user) = 0;
  /// Calls `show` for each user of a domain ("" for all domains), page by page.
  virtual base::Result<> list(const std::string& domain, const std::function<void(const UserRow&)>& show) = 0;
};

/// Whichever of the two is there: waits for a server that is starting.
base::Result<std::unique_ptr<Users>> open_users(const Configuration& configuration);

}  // namespace rollcall::app
