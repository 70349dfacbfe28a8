// SPDX-License-Identifier: Apache-2.0
// The dialogs that a user is in (RFC 4235 §4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/bodies/watcherinfo.hpp>
#include <rollcall/xml/element.hpp>

namespace rollcall::bodies {

inline constexpr std::string_view dialog_info_media_type = "application/dialog-info+xml";
inline constexpr std::string_view dialog_info_namespace = "urn:ietf:params:xml:ns:dialog-info";

/// §3.7.1.
enum class DialogState : std::uint8_t { trying, proceeding, early, confirmed, terminated };

/// What ended a dialog (§3.7.1).
enum class DialogEvent : std::uint8_t {
  none,
  cancelled,
  rejected,
  replaced,
  local_bye,
  remote_bye,
  error,
  timeout,
};

enum class DialogDirection : std::uint8_t { unknown, initiator, recipient };

/// As they stand in a document, e.g. "early", "remote-bye"; "" for none and unknown.
std::string_view to_string(DialogState state);
std::string_view to_string(DialogEvent event);
std::string_view to_string(DialogDirection direction);

/// A URI with a name for people.
struct DialogName {
  std::string uri;
  std::string display;  // "" for none

  friend bool operator==(const DialogName&, const DialogName&) = default;
};

/// <local> or <remote> (§4.1.6).
struct DialogParty {
  std::optional<DialogName> identity;
  std::optional<std::string> target;  // its URI
  std::vector<std::pair<std::string, std::string>> target_params;
  std::string session_description;  // "" for none
  std::string session_description_type;
};

/// <replaces> (§4.1.4).
struct ReplacedDialog {
  std::string call_id;
  std::string local_tag;
  std::string remote_tag;
};

/// One <dialog> (§4.1.1). Strings are "" where the document does not say.
struct Dialog {
  std::string id;
  std::string call_id;
  std::string local_tag;
  std::string remote_tag;
  DialogDirection direction = DialogDirection::unknown;
  DialogState state = DialogState::trying;
  DialogEvent event = DialogEvent::none;
  std::optional<std::uint32_t> code;      // 100 to 699
  std::optional<std::uint64_t> duration;  // seconds
  std::optional<ReplacedDialog> replaces;
  std::optional<DialogName> referred_by;
  std::optional<DialogParty> local;
  std::optional<DialogParty> remote;
  std::vector<xml::Element> extensions;  // of other namespaces, e.g. shared appearances (RFC 7463)
};

/// A document.
struct DialogInfo {
  std::string entity;  // the observed user
  std::uint32_t version = 0;
  Coverage coverage = Coverage::full;
  std::vector<Dialog> dialogs;

  /// Reads a body of dialog_info_media_type, after guard() within limits.body_bytes and xml_depth.
  ///
  /// Refused (malformed): another root; no entity; a version that is no 32-bit number; a dialog without
  /// id or state, or with a state that §3.7.1 does not know; two dialogs of one id.
  ///
  /// Forgiven: no version or coverage; states in other case (erratum 2861); the direction "receiver"
  /// (erratum 771) and the attribute "reason" for "event" (erratum 788), which the RFC prints itself;
  /// unknown events, directions and codes are left out. Of several identities the first counts, as the
  /// schema has room for one. Any thread.
  static base::Result<DialogInfo> parse(std::string_view body, const base::Limits& limits);
};

/// A document of dialog_info_media_type. Any thread.
std::string write(const DialogInfo& document);

/// Brings what is known up to date with a document that came after (§4.3): a full one takes its place, of
/// a partial one the dialogs do, each by its id; ended ones go. Versions are the business of who asks.
void merge(std::vector<Dialog>& known, const DialogInfo& news);

}  // namespace rollcall::bodies
