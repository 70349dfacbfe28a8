// SPDX-License-Identifier: Apache-2.0
// The registrations of an address-of-record (RFC 3680 §5), with GRUUs (RFC 5628).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/bodies/watcherinfo.hpp>

namespace rollcall::bodies {

inline constexpr std::string_view reginfo_media_type = "application/reginfo+xml";
inline constexpr std::string_view reginfo_namespace = "urn:ietf:params:xml:ns:reginfo";
inline constexpr std::string_view gruuinfo_namespace = "urn:ietf:params:xml:ns:gruuinfo";

enum class RegistrationState : std::uint8_t { init, active, terminated };

/// What brought a contact to its state; the ones from `expired` on ended it (RFC 3680 §3.5.1).
enum class ContactEvent : std::uint8_t {
  registered,
  created,
  refreshed,
  shortened,
  expired,
  deactivated,
  probation,
  unregistered,
  rejected,
};

/// As they stand in a document.
std::string_view to_string(RegistrationState state);
std::string_view to_string(ContactEvent event);

/// The newest temporary GRUU, and the CSeq of the REGISTER that brought the oldest one that still works
/// (RFC 5628 §5, erratum 2995).
struct TempGruu {
  std::string uri;
  std::uint64_t first_cseq = 0;
};

/// One <contact>. Its state follows from the event.
struct ContactInfo {
  std::string id;  // the same for the same URI, unique in the subscription
  std::string uri;
  ContactEvent event = ContactEvent::registered;
  std::optional<std::uint64_t> duration_registered;  // seconds
  std::optional<std::uint64_t> expires;              // seconds left; must be there after `shortened`
  std::optional<std::uint64_t> retry_after;          // seconds; must be there after `probation`
  std::string q;                                     // "" for none
  std::string call_id;                               // "" for none
  std::optional<std::uint64_t> cseq;
  std::string display_name;                                         // "" for none
  std::vector<std::pair<std::string, std::string>> unknown_params;  // past those of RFC 3261
  std::string pub_gruu;                                             // "" for none
  std::optional<TempGruu> temp_gruu;
};

/// One <registration>.
struct RegistrationInfo {
  std::string aor;
  std::string id;  // the same throughout the subscription
  RegistrationState state = RegistrationState::active;
  std::vector<ContactInfo> contacts;
};

/// A document of reginfo_media_type. Versions begin at 0 and grow by one within a subscription. Any
/// thread.
std::string write_reginfo(std::uint32_t version, Coverage coverage,
                          std::span<const RegistrationInfo> registrations);

}  // namespace rollcall::bodies
