// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include <rollcall/base/metrics.hpp>
#include <rollcall/base/table.hpp>
#include <rollcall/engine/keeper.hpp>
#include <rollcall/model/account.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::accounts {

/// The users that a shard owns and all domains, in memory. Lives on one shard's thread.
class Directory final : public engine::Store {
 public:
  explicit Directory(base::MetricCells& metrics) : metrics_(metrics) {}

  /// The user with this AOR ("user@domain"), disabled ones too; nullptr: none that this shard owns.
  [[nodiscard]] const model::User* find(std::string_view aor) const;
  /// The same, only if SIP may know of the user: enabled.
  [[nodiscard]] const model::User* find_enabled(std::string_view aor) const;

  /// The same address as the directory keeps it, so that what is kept for long shares its text.
  [[nodiscard]] sip::Aor shared(const sip::Aor& aor) const;

  /// Is this host one of our domains? Compared without case.
  [[nodiscard]] bool serves(std::string_view host) const;
  /// The first of our domains by name, "" when there is none.
  [[nodiscard]] std::string first_domain() const;
  [[nodiscard]] std::size_t users_in(std::string_view domain) const;
  [[nodiscard]] std::size_t user_count() const { return users_.size(); }

  void apply(const model::Change& change) override;

 private:
  void keep(const model::User& user);

  base::MetricCells& metrics_;
  struct ByAor {
    std::string_view operator()(const model::User& user) const { return user.aor.text(); }
  };

  base::Table<std::unique_ptr<model::User>, ByAor> users_;
  std::unordered_set<std::string, sip::AorHash, std::equal_to<>> domains_;  // lower case
};

}  // namespace rollcall::accounts
