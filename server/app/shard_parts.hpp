// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document_reader.hpp"
#include "list_reader.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <rollcall/accounts/authenticator.hpp>
#include <rollcall/accounts/directory.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/messaging/messaging.hpp>
#include <rollcall/presence/agent.hpp>
#include <rollcall/proxy/proxy.hpp>
#include <rollcall/registrar/registrar.hpp>
#include <rollcall/routing/router.hpp>

namespace rollcall::app {

/// What all shards have in common.
struct Common {
  std::span<const std::unique_ptr<engine::Mailbox>> mailboxes;
  const engine::Run& run;
  const base::Limits& limits;
  engine::Readers& readers;
  presence::Policy policy;
  std::vector<std::string> own_lists{};
  presence::CompositionSettings composition{};
  std::string xcap_root{};  // with a slash at its end
};

/// A shard and the features on it, in the order in which they depend on each other. Built by one
/// thread; once the network has started it belongs to the shard's own.
struct ShardParts {
  ShardParts(std::uint16_t index, const Common& common, engine::Wire& wire, engine::Journal& journal,
             base::MetricCells& cells)
      : shard(index, common.mailboxes, common.run, common.limits, wire, journal, cells, base::now()),
        directory(cells),
        authenticator(with_store(shard, directory), directory),
        registrar(shard, directory),
        presence(shard, directory, registrar, common.policy),
        messaging(shard, registrar, common.readers),
        proxy(shard, registrar),
        router(shard, {directory, authenticator, registrar, presence, messaging, proxy}) {
    registrar.set_hysteresis(common.composition.policy.hysteresis);
    presence.set_composition(common.composition);
    presence.set_lists(rule_lists(shard, common.readers));
    presence.set_watched_lists(list_reader(shard, common.readers), presence::OwnLists(common.own_lists));
    presence.set_documents(document_reader(shard, common.readers, common.xcap_root));
    presence.set_messages_waiting([this](std::string_view aor) { return messaging.waiting(aor); });
  }

  // The directory comes first: the other stores look into it while they apply a change.
  static engine::Shard& with_store(engine::Shard& shard, engine::Store& store) {
    shard.keeper().add_store(store);
    return shard;
  }

  engine::Shard shard;
  accounts::Directory directory;
  accounts::Authenticator authenticator;
  registrar::Registrar registrar;
  presence::Agent presence;
  messaging::Messaging messaging;
  proxy::Proxy proxy;
  routing::Router router;
};

}  // namespace rollcall::app
