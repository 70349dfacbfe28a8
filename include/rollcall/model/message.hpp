// SPDX-License-Identifier: Apache-2.0
// Messages that wait, and the devices they wait for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/text.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::model {

/// A MESSAGE that was accepted and has not reached every device of its receiver.
struct StoredMessage {
  sip::Aor receiver;
  std::string id;    // base::time_ordered_id: sorts by time of storing
  std::string from;  // the From header's value without its tag: name and URI as they were sent
  std::string to;    // the same of To
  std::string content_type;
  std::string headers;  // further fields to send again, whole lines with CRLF
  std::string body;
  std::string fingerprint;  // equal for a repetition of the same MESSAGE
  base::Instant stored{};
  base::Instant expires{};
  /// For whom: see Binding::device(). The device "" stands for the first one that registers.
  std::vector<std::string> devices;

  friend bool operator==(const StoredMessage&, const StoredMessage&) = default;
};

/// A device that a user was seen with: messages are kept for it while it is away.
struct Device {
  sip::Aor user;
  base::Text device;  // see Binding::device()
  base::Instant seen{};

  friend bool operator==(const Device&, const Device&) = default;
};

}  // namespace rollcall::model
