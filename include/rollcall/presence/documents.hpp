// SPDX-License-Identifier: Apache-2.0
// Documents whose changes are followed (RFC 5875).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/base/task.hpp>
#include <rollcall/bodies/xcap_diff.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::presence {

/// What somebody wants to follow.
struct DocumentWish {
  sip::Aor reader;                // who may see it
  bool own = false;               // all documents of the reader, whatever the URIs
  std::vector<std::string> uris;  // documents, collections and nodes in documents, as they were asked for
};

/// What of it there is.
struct FollowedDocuments {
  struct Document {
    std::string sel;   // as it was asked for, or the path from the XCAP root
    std::string etag;  // without quotes
  };
  using Component = bodies::ComponentState;

  std::string root;                   // the URI of the XCAP root, with a slash at its end
  std::vector<Document> documents;    // each once
  std::vector<Component> components;  // each once; those that exist
  bool uses_global = false;           // documents of the global tree count too
};

/// Reads them. Called on a shard's thread; `done` is to be called once, on that thread. What is not there,
/// and what the reader may not read, is left out. Error: unavailable.
using ReadDocuments = std::function<void(const DocumentWish& wish,
                                         base::MoveFunction<void(base::Result<FollowedDocuments>)> done)>;

}  // namespace rollcall::presence
