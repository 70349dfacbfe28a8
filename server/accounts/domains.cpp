// SPDX-License-Identifier: Apache-2.0
// The Service's functions for domains.
#include <algorithm>
#include <cctype>

#include <rollcall/accounts/service.hpp>
#include <rollcall/base/clock.hpp>

namespace rollcall::accounts {

namespace {

constexpr base::Duration patience = std::chrono::seconds(5);

base::Error no_answer() {
  return base::unavailable("the server did not answer in time");
}

base::Result<> commit(engine::Shard& shard, model::Changes changes) {
  auto answer = engine::ask<base::Result<>>(
      shard, patience,
      [&shard, changes = std::move(changes)](base::MoveFunction<void(base::Result<>)> reply) mutable {
        shard.keeper().commit(std::move(changes), [reply = std::move(reply)](
                                                      const base::Result<>& kept) mutable { reply(kept); });
      });
  return answer ? std::move(*answer) : base::Result<>(no_answer());
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

base::Result<> Service::domain_exists(const std::string& name) {
  ShardAccounts& first = shards_.front();
  const auto serves = engine::ask<bool>(
      *first.shard, patience, [directory = first.directory, name](base::MoveFunction<void(bool)> reply) {
        reply(directory->serves(name));
      });
  if (!serves) return no_answer();
  if (!*serves) return base::not_found("the domain " + name + " does not exist");
  return base::Done{};
}

// A task on every shard, after which each has seen what the first one announced before.
base::Result<> Service::wait_for_all() {
  for (ShardAccounts& part : shards_)
    if (!engine::ask<bool>(*part.shard, patience, [](base::MoveFunction<void(bool)> reply) { reply(true); }))
      return no_answer();
  return base::Done{};
}

base::Result<model::Domain> Service::create_domain(const std::string& wanted) {
  if (auto fault = fault_in_domain(wanted); !fault.empty()) return base::malformed("name: " + fault);
  const model::Domain domain{lower(wanted), base::now()};
  if (domain_exists(domain.name))
    return base::Error{base::ErrorCode::conflict, "the domain " + domain.name + " exists already"};
  if (auto kept = commit(*shards_.front().shard, {model::SaveDomain{domain}}); !kept) return kept.error();
  if (auto seen = wait_for_all(); !seen) return seen.error();
  return domain;
}

base::Result<> Service::remove_domain(const std::string& wanted) {
  const std::string name = lower(wanted);
  if (auto exists = domain_exists(name); !exists) return exists.error();
  for (ShardAccounts& part : shards_) {
    const auto users = engine::ask<std::size_t>(
        *part.shard, patience,
        [directory = part.directory, name](base::MoveFunction<void(std::size_t)> reply) {
          reply(directory->users_in(name));
        });
    if (!users) return no_answer();
    if (*users > 0) return base::Error{base::ErrorCode::conflict, "the domain " + name + " still has users"};
  }
  if (auto kept = commit(*shards_.front().shard, {model::RemoveDomain{name}}); !kept) return kept.error();
  return wait_for_all();
}

}  // namespace rollcall::accounts
