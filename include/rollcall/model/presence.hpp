// SPDX-License-Identifier: Apache-2.0
// What presence keeps: publications and subscriptions.
#pragma once

#include <cstdint>
#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/text.hpp>
#include <rollcall/sip/dialog.hpp>
#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::model {

/// One published piece of a presentity's state (RFC 3903).
struct Publication {
  sip::Aor aor;
  std::uint64_t id = 0;   // made by us; with the AOR the key of the row
  base::Text event;       // the package, e.g. "presence"
  base::Text entity_tag;  // the newest one; each 2xx gives a new one
  base::Text device;      // of the publisher, as in Binding::device(); "" when it is not known
  base::Text content_type;
  base::Text body;
  base::Instant published{};  // when the body last changed
  base::Instant expires{};

  friend bool operator==(const Publication&, const Publication&) = default;
};

/// One subscription of a watcher to a presentity: a dialog whose notifier we are (RFC 6665).
struct Subscription {
  enum class State : std::uint8_t { pending, active };

  sip::Aor presentity;
  std::uint64_t id = 0;  // made by us; with the presentity the key of the row
  base::Text event;      // the package as the watcher writes it
  base::Text event_id;   // the id parameter of Event, "" if none
  State state = State::pending;
  sip::Aor watcher;  // the authenticated one
  sip::Dialog dialog;
  sip::Flow flow;  // what the last SUBSCRIBE came on
  bool behind_nat = false;
  base::Text accept;  // the watcher's Accept values, "" if none were sent
  base::Text user_agent;
  base::Text instance;  // +sip.instance of the Contact, "" if none
  /// The URI of the list that is watched (RFC 4662), as it was asked for; "" when it is the presentity
  /// itself. Then the presentity is whose list it is.
  base::Text list;
  /// The resource-lists document that the watcher has sent along (RFC 5367, RFC 5875), "" if none.
  base::Text resources;
  /// The run of the server that wrote the row; dialog.local_cseq is the last CSeq used then.
  std::uint64_t run = 0;
  base::Instant created{};
  base::Instant expires{};

  /// NOTIFY requests are not written down one by one: the row reserves this many CSeq numbers for
  /// each run of the server, from the one that it holds for the run that wrote it.
  static constexpr std::uint32_t cseq_block = 1 << 16;

  /// The last CSeq before the block of a run, so that no number comes twice or goes back.
  [[nodiscard]] std::uint32_t cseq_before(std::uint64_t this_run) const {
    return dialog.local_cseq + static_cast<std::uint32_t>(this_run - run) * cseq_block;
  }

  friend bool operator==(const Subscription&, const Subscription&) = default;
};

/// Somebody who asked to see a presentity and got no decision before the subscription ended. Kept so that the
/// presentity is told of it all the same (RFC 3857 §4.7.1, state waiting).
struct WaitingWatcher {
  sip::Aor presentity;
  sip::Aor watcher;
  base::Text event;  // the package asked for; with the two AORs the key of the row
  base::Instant since{};
  base::Instant expires{};

  friend bool operator==(const WaitingWatcher&, const WaitingWatcher&) = default;
};

}  // namespace rollcall::model
