// SPDX-License-Identifier: Apache-2.0
// What event packages remember of one watcher: what he has been told, where a document tells only what is
// new.
#pragma once

#include "known_contacts.hpp"
#include "known_documents.hpp"

#include <cstdint>
#include <optional>

#include <rollcall/presence/agent.hpp>
#include <rollcall/presence/documents.hpp>

namespace rollcall::presence {

/// Documents are read where they are, while the agent goes on.
struct Following {
  KnownDocuments known;
  std::optional<FollowedDocuments> read;  // and not told yet
  engine::SharedBody body;                // of the NOTIFY that goes next
  bool whole = true;                      // the full state is due
  bool unread = true;                     // something may have changed since they were read
  bool reading = false;                   // they are being read
  std::uint32_t edition = 0;              // of the question; an answer to an older one does not count
  bool fetched = false;                   // they are told once, in the last NOTIFY
  bool gave_up = false;                   // and cannot be read
  bool uses_global = true;                // documents of the global tree count too, as far as is known
  base::Instant not_before{};             // changes are gathered until then
};

struct Agent::Memory {
  explicit Memory(std::uint64_t subscription) : contacts(subscription) {}

  /// A document may have been lost, or a SUBSCRIBE is to be answered.
  void tell_all() {
    contacts.tell_all();
    following.known.tell_all();
    following.whole = following.unread = following.uses_global = true;
    following.read.reset();
    following.body.reset();
    ++following.edition;
  }

  KnownContacts contacts;
  Following following;
};

}  // namespace rollcall::presence
