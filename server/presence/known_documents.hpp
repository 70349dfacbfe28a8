// SPDX-License-Identifier: Apache-2.0
// Documents as somebody who follows their changes knows them, and what he asks for, without I/O.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/presence/documents.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::presence {

/// What a SUBSCRIBE with a body asks for (RFC 5875 §4.4), as a resource-lists document with nothing else in
/// it. Errors: unsupported for a body that is none, malformed, too_large past limits.xcap_diff_entries.
base::Result<std::string> documents_in(const sip::Message& message, const base::Limits& limits);

/// The answer when there is none: 415, 400, 413.
sip::Reply documents_refusal(const base::Error& error);

/// The URIs in a document that documents_in() has made.
std::vector<std::string> document_uris(std::string_view resources, const base::Limits& limits);

/// What one watcher has been told (RFC 5875 §4.7).
class KnownDocuments {
 public:
  /// The next document tells everything.
  void tell_all() { all_ = true; }

  /// The next document: all that there is, or what differs from what the watcher knows. nullopt: nothing
  /// does. From now on it is known.
  std::optional<std::string> tell(const FollowedDocuments& now);

 private:
  struct Component {
    bodies::ComponentState::Kind kind{};
    std::uint64_t hash = 0;
  };
  using Tags = std::map<std::string, std::string>;
  using Components = std::map<std::string, Component>;

  std::vector<bodies::DocumentChange> take_documents(const FollowedDocuments& now);
  std::vector<bodies::ComponentState> take_components(const FollowedDocuments& now);

  Tags documents_;         // entity-tags by selector
  Components components_;  // by selector
  bool all_ = true;
};

}  // namespace rollcall::presence
