// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <chrono>

#include <fmt/format.h>

namespace bench {

World::World(const Options& options, const Sockets& sockets)
    : run(fmt::format("load{:x}", std::chrono::system_clock::now().time_since_epoch().count())) {
  users.reserve(options.users);
  for (std::uint32_t i = 0; i < options.users; ++i) {
    const auto socket = i % sockets.count();
    users.push_back({fmt::format("sip:u{}@{}", i, options.realm),
                     fmt::format("sip:u{}@127.0.0.1:{}", i, sockets.port(socket)), socket,
                     Credentials(fmt::format("u{}", i), options.realm, options.password)});
  }
}

}  // namespace bench
