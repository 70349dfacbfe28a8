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
  presence,  // where somebody is to be reached
  watchers,  // who watches their presence
  messages,  // whether messages wait for them
  list,      // the presence of all on a list of theirs (RFC 4662)
};

struct Package {
  std::string_view name;  // as in Event, compared without case
  Topic topic;
  std::string_view media_type;  // of its documents
  bool may_publish;
  bool for_oneself;          // nobody else may subscribe
  std::string_view section;  // where it is defined
};

/// One row a package.
std::span<const Package> packages();
/// nullptr: no such package.
const Package* find_package(std::string_view name);
/// The value of Allow-Events (RFC 6665 §8.2.2).
std::string allow_events();

}  // namespace rollcall::presence
