// SPDX-License-Identifier: Apache-2.0
// What administrators do with domains and users.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/accounts/directory.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/model/account.hpp>

namespace rollcall::accounts {

struct NewUser {
  std::string username;
  std::string domain;
  std::string password;
  std::string display_name;
  bool enabled = true;
};

/// What is to change; what is not set stays.
struct UserPatch {
  std::optional<std::string> display_name;
  std::optional<std::string> password;
  std::optional<bool> enabled;
};

/// What is wrong with a text that is to become a user name ("" : nothing). 1 to 64 bytes of UTF-8,
/// no control characters, blanks, '@', '/' or quotes.
std::string fault_in_username(const std::string& username);
/// The same for a domain: LDH labels, at most 253 bytes, or an IP literal (IPv6 in brackets).
std::string fault_in_domain(const std::string& domain);
/// The same for a password: 1 to 256 bytes of UTF-8 without control characters.
std::string fault_in_password(const std::string& password);
/// The same for a display name or a group: at most 256 bytes of UTF-8 without control characters.
std::string fault_in_label(const std::string& text);

/// One shard's part in the Service.
struct ShardAccounts {
  engine::Shard* shard = nullptr;
  Directory* directory = nullptr;
};

/// Any thread that is not a shard's: each call waits until the shard that owns the user has decided
/// and the change is on disk, five seconds at most. Errors: malformed (with what is wrong),
/// not_found, conflict (it exists), unavailable (no database, or no answer in time).
class Service {
 public:
  /// Before the shards run. Domains that one shard commits become known to all.
  explicit Service(std::vector<ShardAccounts> shards);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  base::Result<model::User> user(const sip::Aor& aor);
  base::Result<model::User> create_user(const NewUser& user);
  base::Result<model::User> update_user(const sip::Aor& aor, const UserPatch& patch);
  base::Result<> remove_user(const sip::Aor& aor);
  /// Many at once, in a few transactions. One result for each, in order; a user that exists is a conflict.
  std::vector<base::Result<>> import_users(const std::vector<NewUser>& users);

  base::Result<model::Domain> create_domain(const std::string& name);
  base::Result<> remove_domain(const std::string& name);  // conflict while it has users
  base::Result<> domain_exists(const std::string& name);

 private:
  ShardAccounts& owner(std::string_view aor);
  std::vector<base::Result<>> import_chunk_of(ShardAccounts& part, std::vector<model::User> users);
  base::Result<> wait_for_all();

  std::vector<ShardAccounts> shards_;
};

}  // namespace rollcall::accounts
