// SPDX-License-Identifier: Apache-2.0
// Why a request is refused, and the detailed conflict report that tells a client (RFC 4825 §11).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::xcap {

inline constexpr std::string_view error_media_type = "application/xcap-error+xml";

/// The error elements of RFC 4825 §11.1 that this server uses.
enum class ConflictKind : std::uint8_t {
  not_well_formed,
  not_xml_frag,
  no_parent,
  schema_validation_error,
  not_xml_att_value,
  cannot_insert,
  cannot_delete,
  uniqueness_failure,
  constraint_failure,
  not_utf_8,
};

/// Name of the error element, e.g. "not-well-formed".
std::string_view to_string(ConflictKind kind);

/// A value that had to be unique and is not.
struct Exists {
  std::string field;                      // node selector of it, percent-encoded, from the root element
  std::vector<std::string> alternatives;  // values that were free when they were looked for

  friend bool operator==(const Exists&, const Exists&) = default;
};

/// What stands in the body of a 409.
struct Conflict {
  ConflictKind kind = ConflictKind::constraint_failure;
  std::string phrase;          // one line for a person; may be empty
  std::string ancestor;        // no_parent only: selector of the closest element that exists, or ""
  std::vector<Exists> exists;  // uniqueness_failure only, and there at least one

  friend bool operator==(const Conflict&, const Conflict&) = default;
};

/// The report as an XML document, valid against the schema of RFC 4825 §11.2. Any thread.
std::string write(const Conflict& conflict);

/// An answer that is not a success: 400, 403, 404, 405, 409, 412, 413, 414 or 415.
struct Refusal {
  int status = 400;
  std::string detail;                // one line for a person; quotes nothing of the request
  std::optional<Conflict> conflict;  // with 409
  std::string allow;                 // with 405: the methods that the resource has

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// A 409 with its report.
Refusal conflict(ConflictKind kind, std::string phrase);

}  // namespace rollcall::xcap
