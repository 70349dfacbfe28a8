// SPDX-License-Identifier: Apache-2.0
// A composition while it is being made: what the steps of compose.cpp share.
#pragma once

#include "compose_status.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/presence/compose.hpp>

namespace rollcall::presence {

/// A document that counts, whoever it is from.
struct Source {
  Input input = Input::publication;
  std::size_t index = 0;  // of the publication in the input
  const xml::PidfDocument* document = nullptr;
  std::string_view device;
  std::uint64_t id = 0;
  base::Instant since{};
  bool lasting_only = false;  // hard state beside publications
  bool has_a_say = true;      // about the status: of one device only its newest publication has
  Reading reading;
};

struct Draft {
  explicit Draft(const CompositionInput& input);

  const CompositionInput& input;
  std::vector<Source> sources;     // the administrator's, publications newest first, hard state
  const Source* winner = nullptr;  // whose status is shown; null when it is that of calls or registrations
  bool pinned = false;             // an administrator says what the status is
  bool on_the_phone = false;       // the status is that of the calls
  bool registered = false;         // a binding counts
  std::string address;             // the presentity as a URI
  Composition result;

  void tell_origin(Origin::Part part, std::string name, const Source& source);
  void tell_origin(Origin::Part part, std::string name, Input input);
  void consider(Input input, std::size_t index, const Reading& reading, std::string why);

 private:
  void take_publications();
  void take_hard_state();
};

/// An id that only this publisher makes of `id`: it stays when the publication is refreshed or
/// modified, and when a device that we can tell publishes anew after it lost its entity-tag.
std::string published_id(const Source& source, std::string_view id);

/// The same with another prefix than what is hashed.
std::string published_id(const Source& source, std::string_view prefix, std::string_view id);

/// An id of something that is the same whoever publishes it.
std::string common_id(std::string_view prefix, std::string_view what);

/// Makes the ids within a copied fragment published_id()s.
void adopt_ids(xml::Fragment& fragment, const Source& source);
void adopt_ids(std::vector<xml::Fragment>& fragments, const Source& source);

/// Lets the newest source have each kind of element: all elements of a kind come from the source
/// that was first to offer one.
class NewestOfEachKind {
 public:
  /// True when `source` may give elements of the kind of `fragment`.
  bool admits(const xml::Fragment& fragment, std::size_t source);

 private:
  std::unordered_map<std::string, std::size_t> sources_;  // by namespace and name
};

}  // namespace rollcall::presence
