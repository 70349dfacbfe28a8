// SPDX-License-Identifier: Apache-2.0
// What the service is made of, for the files that it is written in.
#pragma once

#include "cache.hpp"
#include "turns.hpp"

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include <rollcall/accounts/service.hpp>
#include <rollcall/base/limits.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/xcap/schemas.hpp>
#include <rollcall/xdm/service.hpp>

namespace rollcall::xdm {

inline constexpr base::Duration patience = std::chrono::seconds(5);

inline Deadline deadline_from_now() {
  return std::chrono::steady_clock::now() + patience;
}

inline base::Duration left_until(Deadline deadline) {
  return std::chrono::duration_cast<base::Duration>(deadline - std::chrono::steady_clock::now());
}

struct Service::Parts {
  Parts(std::vector<accounts::ShardAccounts> all_shards, engine::Readers& reading,
        const base::Limits& limits_in_force, std::vector<std::string> xcap_roots)
      : shards(std::move(all_shards)),
        readers(reading),
        limits(limits_in_force),
        roots(std::move(xcap_roots)),
        cache(limits) {
    for (const accounts::ShardAccounts& part : shards)
      part.shard->keeper().add_store(cache);
  }

  [[nodiscard]] const accounts::ShardAccounts& shard_of(std::string_view aor) const {
    return shards[shards.front().shard->owner_of(aor)];
  }
  base::Result<std::optional<model::Document>> read(const sip::Aor& owner, const std::string& path,
                                                    Deadline deadline);
  base::Result<std::vector<engine::DocumentRow>> list(const sip::Aor& owner, Deadline deadline);
  /// Those of the URIs that a user has, or a document other than this one defines as services.
  base::Result<std::vector<std::string>> taken(std::span<const std::string> uris, const sip::Aor& owner,
                                               const std::string& path, Deadline deadline);
  [[nodiscard]] xcap::Limits xcap_limits() const;
  base::Result<bool> is_user(const sip::Aor& aor, Deadline deadline) const;

  std::vector<accounts::ShardAccounts> shards;
  engine::Readers& readers;
  const base::Limits& limits;
  std::vector<std::string> roots;
  xcap::Schemas schemas;
  Cache cache;
  Turns turns;
};

}  // namespace rollcall::xdm
