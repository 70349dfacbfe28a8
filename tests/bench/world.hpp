// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "credentials.hpp"
#include "options.hpp"
#include "sockets.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// One user, with one device on one of the shared sockets.
struct User {
  std::string aor;      // "sip:u7@example.test"
  std::string contact;  // "sip:u7@127.0.0.1:40001"
  std::uint32_t socket = 0;
  Credentials credentials;
  std::uint32_t cseq = 0;
};

/// A watcher's dialog with a presentity, made by a first SUBSCRIBE.
struct Watch {
  std::uint32_t watcher = 0, presentity = 0;  // indices of users
  std::uint32_t generation = 0;               // how many dialogs there were before
  std::string to, target;                     // the server's side: To with its tag, Contact
  std::uint32_t cseq = 0, notify_cseq = 0;
};

/// What a presentity has published last.
struct Publication {
  std::string entity_tag;
  std::uint32_t slot = 0;     // which operation is at work on it
  std::uint64_t version = 0;  // stands in the document's note
};

/// Everything that lasts over several runs of load.
struct World {
  World(const Options& options, const Sockets& sockets);

  std::string run;  // differs from one process to the next; part of every Call-ID and branch
  std::vector<User> users;
  std::vector<Watch> watches;
  std::vector<Publication> publications;
};

}  // namespace bench
