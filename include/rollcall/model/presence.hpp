// SPDX-License-Identifier: Apache-2.0
// What presence keeps: publications and subscriptions.
#pragma once

#include <cstdint>
#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/sip/dialog.hpp>
#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::model {

/// One published piece of a presentity's state (RFC 3903).
struct Publication {
  sip::Aor aor;
  std::uint64_t id = 0;    // made by us; with the AOR the key of the row
  std::string event;       // the package, e.g. "presence"
  std::string entity_tag;  // the newest one; each 2xx gives a new one
  std::string content_type;
  std::string body;
  base::Instant published{};  // when the body last changed
  base::Instant expires{};

  friend bool operator==(const Publication&, const Publication&) = default;
};

/// One subscription of a watcher to a presentity: a dialog whose notifier we are (RFC 6665).
struct Subscription {
  enum class State : std::uint8_t { pending, active };

  sip::Aor presentity;
  std::uint64_t id = 0;  // made by us; with the presentity the key of the row
  std::string event;     // the package in lower case
  std::string event_id;  // the id parameter of Event, "" if none
  State state = State::pending;
  sip::Aor watcher;      // the authenticated one
  sip::Dialog dialog;
  sip::Flow flow;        // what the last SUBSCRIBE came on
  bool behind_nat = false;
  std::string accept;    // the watcher's Accept values, "" if none were sent
  std::string user_agent;
  std::string instance;  // +sip.instance of the Contact, "" if none
  /// The run of the server that wrote the row, and the dialog's CSeq then: see cseq_after_load().
  std::uint64_t run = 0;
  base::Instant created{};
  base::Instant expires{};

  /// NOTIFY requests are not written down one by one. Each run may number this many above the CSeq
  /// that is in the row before the row must be written again.
  static constexpr std::uint32_t cseq_block = 1 << 16;

  /// The first CSeq that a later run may use so that no number comes twice or goes back.
  [[nodiscard]] std::uint32_t cseq_after_load(std::uint64_t this_run) const {
    return dialog.local_cseq + (this_run > run ? cseq_block : 0);
  }
};

}  // namespace rollcall::model
