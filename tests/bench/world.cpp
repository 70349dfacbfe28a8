// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <chrono>

#include <fmt/format.h>

namespace bench {

World::World(const Options& options, const Sockets& sockets)
    : run(fmt::format("load{:x}", std::chrono::system_clock::now().time_since_epoch().count())) {
  for (std::uint32_t i = 0; i < sockets.count(); ++i) {
    contact_ends_.push_back(fmt::format("@127.0.0.1:{}{}", sockets.port(i),
                                        options.transport == Transport::tcp ? ";transport=tcp" : ""));
  }
  users.reserve(options.users);
  for (std::uint32_t i = 0; i < options.users; ++i) {
    const auto socket = i % sockets.count();
    users.push_back({fmt::format("sip:u{}@{}", i, options.realm),
                     fmt::format("sip:u{}{}", i, contact_ends_[socket]), socket,
                     Credentials(fmt::format("u{}", i), options.realm, options.password)});
  }
}

void World::watch_each_other() {
  watches.resize(users.size());
  for (std::uint32_t i = 0; i < user_count(); ++i) {
    watches[i].watcher = i;
    watches[i].presentity = (i + 1) % user_count();
  }
}

void World::watch_publishers(const Options& options) {
  publications.resize(options.presentities);
  publisher_watches = options.presentities * options.watchers;
  watches.resize(publisher_watches);
  for (std::uint32_t i = 0; i < publisher_watches; ++i) {
    watches[i].presentity = i / options.watchers;
    watches[i].watcher = (options.presentities + i) % user_count();
    watches[i].silent = i % options.watchers < options.silent_watchers;
  }
}

void World::watch_others(std::uint32_t count) {
  const auto publishers = static_cast<std::uint32_t>(publications.size());
  const auto others = user_count() - publishers;
  watches.reserve(watches.size() + count);
  for (std::uint32_t i = 0; i < count; ++i) {
    auto& watch = watches.emplace_back();
    watch.watcher = i % user_count();
    watch.presentity = publishers + i % others;
  }
}

std::string World::contact_uri(std::uint32_t user, std::uint32_t contact) const {
  if (contact == 0) return users[user].contact;
  return fmt::format("sip:u{}.{}{}", user, contact, contact_ends_[users[user].socket]);
}

}  // namespace bench
