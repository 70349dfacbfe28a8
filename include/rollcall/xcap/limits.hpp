// SPDX-License-Identifier: Apache-2.0
// How much one request may ask of the server.
#pragma once

#include <cstddef>

namespace rollcall::xcap {

/// The bounds of documents and of the URIs that point into them. Past each stands its answer.
struct Limits {
  std::size_t document_bytes = 524'288;  // of a document after the change; 413
  std::size_t depth = 32;                // elements within elements; 409
  std::size_t target_bytes = 8'192;      // of path and query together; 414
  std::size_t presence_bytes = 32'768;   // of a pidf-manipulation document, which PUBLISH has too; 409
};

}  // namespace rollcall::xcap
