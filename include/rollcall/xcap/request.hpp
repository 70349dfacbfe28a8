// SPDX-License-Identifier: Apache-2.0
// One XCAP request from its parts to its outcome, without network and database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/xcap/conditions.hpp>
#include <rollcall/xcap/limits.hpp>
#include <rollcall/xcap/path.hpp>
#include <rollcall/xcap/schemas.hpp>
#include <rollcall/xcap/usage.hpp>

namespace rollcall::xcap {

enum class Method : std::uint8_t { get, head, put, delete_, other };

/// A request that is authenticated, and that may_read() or may_write() has let through.
struct Request {
  Method method = Method::get;
  Path path;
  std::optional<std::string> content_type;  // the field
  Conditions conditions;
  std::string_view body;
};

/// A document as it is kept.
struct StoredDocument {
  std::string_view text;
  std::string_view etag;  // what etag_of() gave when it was stored
};

/// What the server needs to decide. One object serves every request of every thread, as far as
/// surroundings.taken does.
struct Context {
  const Schemas& schemas;
  Limits limits;
  Surroundings surroundings;
};

/// What to do with the document.
enum class Effect : std::uint8_t { none, store, remove };

/// The answer, and what has to be kept before it may be sent.
struct Outcome {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // of HTTP
  std::string body;
  Effect effect = Effect::none;
  std::string document;  // its new text, with Effect::store
  std::string etag;      // and its new entity tag

  /// The value of a header, "" when it is not set.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Decides a request (RFC 4825 §8). `current` is the document that request.path names; nullptr when there
/// is none. Of a generated document it is what capabilities() or directory() made, with its etag_of().
///
/// Status: 200, 201, 304; 400 selector, query or conditions; 404 nothing there, or an unknown extension;
/// 405 with Allow; 409 with a report of type application/xcap-error+xml; 412; 413; 415. Linear in the sizes
/// of document and body. Any thread.
Outcome handle(const Request& request, const StoredDocument* current, const Context& context);

/// The answer to a refusal, e.g. one of parse_path().
Outcome answer(const Refusal& refusal);

}  // namespace rollcall::xcap
