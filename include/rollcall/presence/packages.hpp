// SPDX-License-Identifier: Apache-2.0
// The event packages that can be subscribed to and published.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rollcall::presence {

/// What is watched.
enum class Topic : std::uint8_t {
  presence,       // where somebody is to be reached
  dialogs,        // the calls they are in
  watchers,       // who watches one of the above
  messages,       // whether messages wait for them
  list,           // one of the first two, of all on a list of theirs (RFC 4662)
  registrations,  // where they are registered
  documents,      // XCAP documents that they may read
};

struct Package {
  std::string_view name;  // as in Event, compared without case
  Topic topic;
  std::string_view media_type;  // of its documents
  bool may_publish;
  bool for_oneself;          // nobody else may subscribe; else the rules of the presentity decide
  std::string_view section;  // where it is defined
  std::string_view of = {};  // the package whose watchers it tells of (RFC 3857), "" for none
};

/// One row a package.
std::span<const Package> packages();
/// nullptr: no such package.
const Package* find_package(std::string_view name);
/// The one row that is about this itself and not about its watchers.
const Package& package_of(Topic topic);
/// The value of Allow-Events (RFC 6665 §8.2.2).
std::string allow_events();

}  // namespace rollcall::presence
