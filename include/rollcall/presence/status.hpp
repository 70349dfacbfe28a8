// SPDX-License-Identifier: Apache-2.0
// A person's status in one word, and the choice between several.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/base/clock.hpp>

namespace rollcall::presence {

/// Each one counts more than those before it. Idle is not offline: there is a device.
enum class Status : std::uint8_t { offline, available, idle, away, on_the_phone, busy, do_not_disturb };

/// "offline", "available", "idle", "away", "on-the-phone", "busy", "dnd".
std::string_view word_of(Status status);
/// nullopt for another word.
std::optional<Status> status_of(std::string_view word);

/// Where something that is shown comes from.
enum class Input : std::uint8_t { publication, registrations, hard_state, administrator, calls };

/// "publication", "registrations", "hard-state", "administrator", "calls".
std::string_view word_of(Input input);

/// Which status is shown when several inputs name one.
enum class StatusChoice : std::uint8_t {
  manual_wins,  // the newest that was set by hand; without one the highest
  strongest,    // the highest, whoever set it; of equals the newest
  newest,       // what was published last
};

/// "manual_wins", "strongest", "newest".
std::string_view word_of(StatusChoice choice);
/// nullopt for another word.
std::optional<StatusChoice> choice_of(std::string_view word);

/// How the presence of one user is put together.
struct CompositionPolicy {
  StatusChoice choice = StatusChoice::manual_wins;
  /// For how long after its expiry a publication or registration still counts, so that a device which comes
  /// back a little late was never gone.
  base::Duration hysteresis{};
  bool show_registrations = true;  // who has published nothing is open while registered
};

/// The policy of every domain.
struct CompositionSettings {
  CompositionPolicy policy;
  std::vector<std::pair<std::string, StatusChoice>> choices;  // of domains that have their own

  [[nodiscard]] CompositionPolicy policy_of(std::string_view domain) const;
};

}  // namespace rollcall::presence
