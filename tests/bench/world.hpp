// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "credentials.hpp"
#include "options.hpp"
#include "sockets.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

constexpr std::uint32_t no_slot = UINT32_MAX;

/// One user, with one device on one of the shared sockets.
struct User {
  std::string aor;      // "sip:u7@example.test"
  std::string contact;  // "sip:u7@127.0.0.1:40001"
  std::uint32_t socket = 0;
  Credentials credentials;
  std::uint32_t cseq = 0;
  bool busy = false;  // one operation at a time, so that its nonces are counted in order
};

/// A watcher's dialog with a presentity, made by a first SUBSCRIBE.
struct Watch {
  std::uint32_t watcher = 0, presentity = 0;  // indices of users
  bool silent = false;                        // answers no NOTIFY once the dialog is made
  bool refreshed = false;                     // while its presentity publishes
  std::uint32_t slot = no_slot;               // the SUBSCRIBE in flight that awaits its NOTIFY
  std::uint32_t generation = 0;               // how many dialogs there were before
  std::string to, target;                     // the server's side: To with its tag, Contact
  std::uint32_t cseq = 0, notify_cseq = 0;
  std::uint64_t told = 0;  // version in the NOTIFY with the highest CSeq; 0: none of this run
};

/// What a presentity has published last.
struct Publication {
  std::string entity_tag;
  std::uint32_t slot = no_slot;  // the PUBLISH in flight
  std::uint64_t version = 0;     // tried last; stands in the document's note
  std::uint64_t published = 0;   // accepted last
};

/// Everything that lasts over several runs of load.
struct World {
  World(const Options& options, const Sockets& sockets);

  [[nodiscard]] std::uint32_t user_count() const { return static_cast<std::uint32_t>(users.size()); }
  [[nodiscard]] std::uint32_t watch_count() const { return static_cast<std::uint32_t>(watches.size()); }

  /// Each user watches the next one.
  void watch_each_other();
  /// The first users publish; the watches of one presentity stand together, and the watchers come behind
  /// the presentities.
  void watch_publishers(const Options& options);
  /// Behind those: watches of users that do not publish.
  void watch_others(std::uint32_t count);

  /// Of a user's contact number `contact`; number 0 is the one that others know.
  [[nodiscard]] std::string contact_uri(std::uint32_t user, std::uint32_t contact) const;

  std::string run;  // differs from one process to the next; part of every
                    // Call-ID and branch
  std::vector<User> users;
  std::vector<Watch> watches;
  std::vector<Publication> publications;
  std::uint32_t publisher_watches = 0;  // the first of the watches

 private:
  std::vector<std::string> contact_ends_;  // "@127.0.0.1:40001", for each socket
};

}  // namespace bench
