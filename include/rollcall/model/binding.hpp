// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/text.hpp>
#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::model {

/// One contact of an address-of-record (RFC 3261 §10), and what the device told about itself.
struct Binding {
  sip::Aor aor;
  std::uint64_t id = 0;      // made by us; with the AOR the key of the row
  base::Text contact;        // the Contact's URI as text
  base::Text parameters;     // the Contact's header parameters as received (feature tags), from the first ';'
  base::Text instance;       // +sip.instance without quotes and brackets, "" if none (RFC 5626 §4.1)
  std::uint32_t reg_id = 0;  // 0: none (RFC 5626 §4.2)
  base::Text call_id;
  std::uint32_t cseq = 0;
  std::uint16_t q = 1000;         // thousandths
  std::vector<std::string> path;  // Path values, first one first (RFC 3327)
  sip::Flow flow;                 // what the REGISTER came on
  bool behind_nat = false;        // the contact's address cannot be reached, only the flow
  base::Text user_agent, allow, accept;
  base::Instant updated{};
  base::Instant expires{};

  /// What a device is to the message store: its instance, else its contact.
  [[nodiscard]] const base::Text& device() const { return instance.empty() ? contact : instance; }

  friend bool operator==(const Binding&, const Binding&) = default;
};

}  // namespace rollcall::model
