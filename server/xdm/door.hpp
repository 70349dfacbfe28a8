// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/http/bearer.hpp>
#include <rollcall/http/lockout.hpp>
#include <rollcall/xdm/front.hpp>

namespace rollcall::xdm {

/// Finds out who asks. Any thread that is no shard's.
class Front::Door {
 public:
  Door(std::vector<ShardUsers> shards, std::string token)
      : shards_(std::move(shards)), bearer_(std::move(token)) {}

  /// A user's AOR, or "" for an administrator; else the answer that asks for credentials or refuses them: 400
  /// (the digest is for another URI), 401, 429, 503. `wanted` is the domain that the request is about, "" for
  /// none.
  using Verdict = std::variant<std::string, http::Response>;
  Verdict check(const http::Request& request, std::string_view wanted, base::Instant now);

 private:
  Verdict check_digest(const http::Request& request, std::string_view field, std::string_view wanted,
                       base::Instant now);
  [[nodiscard]] http::Response ask(const http::Request& request, std::string_view wanted, bool stale,
                                   base::Instant now);
  [[nodiscard]] std::string realm_for(const http::Request& request, std::string_view wanted) const;

  // A wrong password of one user from one address, and of all users: an office behind one address has many
  // users, of whom one may have a wrong password for a long time.
  static constexpr int patience_with_user = http::BearerGuard::patience;
  static constexpr int patience_with_address = 10 * http::BearerGuard::patience;

  std::vector<ShardUsers> shards_;
  http::BearerGuard bearer_;
  http::Lockout users_{patience_with_user};
  http::Lockout addresses_{patience_with_address};
  std::atomic<std::uint64_t> next_sequence_{1};
};

}  // namespace rollcall::xdm
