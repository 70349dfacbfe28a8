// SPDX-License-Identifier: Apache-2.0
// What a watcher may know: the actions and transformations of RFC 5025 as values that combine.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace rollcall::rules {

/// What becomes of a subscription (RFC 5025 §3.2.1). The values are those of the RFC, so that the
/// greater one wins.
enum class Handling : std::uint8_t { block = 0, confirm = 10, polite_block = 20, allow = 30 };

/// "block", "confirm", "polite-block", "allow".
std::string_view to_string(Handling handling);
/// nullopt for another word.
std::optional<Handling> handling_of(std::string_view word);

/// What an element of a set of components is identified by (RFC 5025 §3.3.1).
enum class SelectedBy : std::uint8_t { occurrence_class, occurrence_id, device_id, service_uri, uri_scheme };

/// Which services, persons or devices are shown (RFC 5025 §3.3.1).
struct Selection {
  bool all = false;
  std::set<std::pair<SelectedBy, std::string>> members;  // empty when all are selected

  [[nodiscard]] bool has(SelectedBy by, const std::string& value) const {
    return members.contains({by, value});
  }
  /// The union (RFC 4745 §10.2).
  void add(const Selection& other);

  friend bool operator==(const Selection&, const Selection&) = default;
};

/// The presence attributes that have a permission of type boolean (RFC 5025 §3.3.2).
enum class Attribute : std::uint8_t {
  activities,
  occurrence_class,
  device_id,
  mood,
  place_is,
  place_type,
  privacy,
  relationship,
  sphere,
  status_icon,
  time_offset,
  note,
};
inline constexpr unsigned attribute_count = 12;

/// How much of <user-input> is shown (RFC 5025 §3.3.2.12), with the values of the RFC.
enum class UserInput : std::uint8_t { hidden = 0, bare = 10, thresholds = 20, full = 30 };

/// All transformations that hold for a watcher. Nothing is permitted until it is given.
struct Permissions {
  Selection services, persons, devices;
  std::uint16_t attributes = 0;  // bit i: Attribute i
  UserInput user_input = UserInput::hidden;
  std::set<std::pair<std::string, std::string>> unknown;  // namespace and name, RFC 5025 §3.3.2.14
  bool all_attributes = false;  // RFC 5025 §3.3.2.15; the three above are full then

  /// The whole document.
  static Permissions everything();

  [[nodiscard]] bool provides(Attribute attribute) const {
    return (attributes >> static_cast<unsigned>(attribute) & 1U) != 0;
  }
  void give(Attribute attribute) {
    attributes = static_cast<std::uint16_t>(attributes | 1U << static_cast<unsigned>(attribute));
  }
  void give_all_attributes();
  [[nodiscard]] bool is_everything() const {
    return all_attributes && services.all && persons.all && devices.all;
  }

  /// Combines: union of sets, OR of booleans, the greatest number (RFC 4745 §10.2).
  void add(const Permissions& other);

  /// Equal for equal permissions and different for different ones, on every machine and in every run: who
  /// has the same key is shown the same document.
  [[nodiscard]] std::string key() const;

  friend bool operator==(const Permissions&, const Permissions&) = default;
};

/// Permissions that do not change any more, with their key. Shared by all watchers that have them.
struct Grant {
  explicit Grant(Permissions what) : permissions(std::move(what)), key(permissions.key()) {}

  const Permissions permissions;
  const std::string key;
};

}  // namespace rollcall::rules
