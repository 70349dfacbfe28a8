// SPDX-License-Identifier: Apache-2.0
// A composition while it is being made: what the steps of compose.cpp share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/presence/compose.hpp>

namespace rollcall::presence {

struct Draft {
  explicit Draft(const CompositionInput& input);

  const CompositionInput& input;
  std::vector<std::size_t> live;  // publications that have not expired, newest first
  bool registered = false;        // a binding has not expired
  std::string address;            // the presentity as a URI
  Composition result;

  [[nodiscard]] const PublicationInput& publication(std::size_t index) const {
    return input.publications[index];
  }
  void tell_origin(Origin::Part part, std::string name, std::size_t publication);
};

/// An id that only this publisher makes of `id`: it stays when the publication is refreshed or
/// modified, and when a device that we can tell publishes anew after it lost its entity-tag.
std::string published_id(const PublicationInput& publication, std::string_view id);

/// Makes the ids within a copied fragment published_id()s.
void adopt_ids(xml::Fragment& fragment, const PublicationInput& publication);
void adopt_ids(std::vector<xml::Fragment>& fragments, const PublicationInput& publication);

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
