// SPDX-License-Identifier: Apache-2.0
// Watcher information: the life of a subscription (RFC 3857 §4.7.1) and the document that tells of it
// (RFC 3858).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::bodies {

inline constexpr std::string_view watcherinfo_media_type = "application/watcherinfo+xml";
inline constexpr std::string_view watcherinfo_namespace = "urn:ietf:params:xml:ns:watcherinfo";

enum class WatcherStatus : std::uint8_t { pending, active, waiting, terminated };

/// What brought a subscription to its status.
enum class WatcherEvent : std::uint8_t {
  subscribe,
  approved,
  deactivated,
  probation,
  rejected,
  timeout,
  giveup,
  noresource,
};

/// As they stand in a document, e.g. "pending", "giveup".
std::string_view to_string(WatcherStatus status);
std::string_view to_string(WatcherEvent event);

/// What policy says when a SUBSCRIBE comes.
enum class WatcherPolicy : std::uint8_t { none, accept, reject };

/// Where a new subscription begins (RFC 3857 §4.7.1).
WatcherStatus first_status(WatcherPolicy policy);

/// Where `event` takes a subscription; nullopt when Figure 1 has no such arrow. A SUBSCRIBE that comes
/// while an equal one waits is an event giveup for the one that waits.
std::optional<WatcherStatus> next_status(WatcherStatus from, WatcherEvent event);

/// One <watcher>.
struct Watcher {
  std::string id;   // a token, unique in the watcherinfo subscription
  std::string uri;  // who watches
  WatcherStatus status = WatcherStatus::pending;
  WatcherEvent event = WatcherEvent::subscribe;
  std::string display_name;                          // "" for none
  std::string language;                              // of the display name; "" for none
  std::optional<std::uint64_t> expiration;           // seconds from now
  std::optional<std::uint64_t> duration_subscribed;  // seconds until now
};

/// Those who watch one resource in one package.
struct WatcherList {
  std::string resource;  // URI
  std::string package;   // "presence"
  std::vector<Watcher> watchers;
};

/// Whether a document tells all, or what changed since the one before.
enum class Coverage : std::uint8_t { full, partial };
std::string_view to_string(Coverage coverage);

/// A document of watcherinfo_media_type. Versions begin at 0 and grow by one within a subscription. Any
/// thread.
std::string write_watcherinfo(std::uint32_t version, Coverage coverage, std::span<const WatcherList> lists);

}  // namespace rollcall::bodies
