// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/accounts/directory.hpp>
#include <rollcall/base/table.hpp>
#include <rollcall/base/text_pool.hpp>
#include <rollcall/engine/keeper.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/model/binding.hpp>

namespace rollcall::registrar {

/// The bindings of the users that a shard owns (RFC 3261 §10). Lives on one shard's thread.
class Registrar final : public engine::Store {
 public:
  Registrar(engine::Shard& shard, const accounts::Directory& directory);
  ~Registrar() override;

  /// A REGISTER of an authenticated user for itself.
  void on_register(engine::Request request);

  /// The live bindings of an AOR, best q first and the newest first among equals. Valid until the
  /// next change.
  [[nodiscard]] std::vector<const model::Binding*> bindings(std::string_view aor) const;

  /// Those of them that a request is sent to: of several of one instance only one, if possible one whose
  /// flow is open (RFC 5626 §7).
  [[nodiscard]] std::vector<const model::Binding*> targets(std::string_view aor) const;

  /// Is there any live binding?
  [[nodiscard]] bool is_registered(std::string_view aor) const;

  /// For how long a binding that ran out is still a recent one, unless it is removed. Once, before anything
  /// runs; without it, not at all.
  void set_hysteresis(base::Duration hysteresis) { hysteresis_ = hysteresis; }
  /// The live bindings and the recent ones, in no order. Their end is announced a second time when they are
  /// recent no more.
  [[nodiscard]] std::vector<const model::Binding*> recent_bindings(std::string_view aor) const;
  [[nodiscard]] bool is_registered_lately(std::string_view aor) const;

  /// Removes one binding, or all of an AOR (id 0). `done` gets not_found, unavailable, or success.
  void remove(const std::string& aor, std::uint64_t id, engine::Keeper::Done done);

  void apply(const model::Change& change) override;

 private:
  struct Entry;
  struct User;
  struct ByAor {
    std::string_view operator()(const User& user) const;
  };
  [[nodiscard]] model::Changes drop_unreachable(std::vector<const model::Binding*>& bindings) const;
  void expire(sip::Aor aor, std::uint64_t id);
  void expire_later(const std::string& aor, std::uint64_t id);
  [[nodiscard]] Entry* find(const std::string& aor, std::uint64_t id);
  [[nodiscard]] bool is_recent(const Entry& entry) const;
  void on_removed(const model::RemoveBinding& change);
  User& user(const sip::Aor& aor);
  Entry& keep(const model::Binding& binding);
  void drop(const std::string& aor, const std::function<bool(const model::Binding&)>& which);

  engine::Shard& shard_;
  const accounts::Directory& directory_;
  base::Table<std::unique_ptr<User>, ByAor> by_aor_;  // who has bindings
  base::TextPool texts_;                              // what many devices say alike
  base::Duration hysteresis_{};
};

/// Any thread that is not a shard's; waits five seconds at most.
class Service {
 public:
  struct Part {
    engine::Shard* shard = nullptr;
    Registrar* registrar = nullptr;
  };
  explicit Service(std::vector<Part> parts) : parts_(std::move(parts)) {}

  base::Result<std::vector<model::Binding>> list(const sip::Aor& aor);
  base::Result<> remove(const sip::Aor& aor, std::uint64_t id);
  base::Result<> remove_all(const sip::Aor& aor);

 private:
  Part& owner(const sip::Aor& aor);

  std::vector<Part> parts_;
};

}  // namespace rollcall::registrar
