// SPDX-License-Identifier: Apache-2.0
// Bodies of several parts (RFC 2046 §5.1), and of parts that belong together (RFC 2387).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/result.hpp>

namespace rollcall::bodies {

/// What goes into one part of a body that we write. Views.
struct PartOut {
  std::string_view content_id;    // without angle brackets; "" for none
  std::string_view content_type;  // with its parameters
  std::string_view body;
};

/// A body and the type that a Content-Type header gives it.
struct TypedBody {
  std::string content_type;
  std::string body;
};

/// How a Content-ID is written: in angle brackets (RFC 2392 §2), or without, for receivers that compare it as
/// it stands.
enum class IdForm : std::uint8_t { bracketed, bare };

/// A multipart/related body: the first part is its root. The boundary is one that no part holds, and
/// the same for the same parts. `parts` is not empty. Any thread; time linear in the size.
TypedBody write_related(std::span<const PartOut> parts, IdForm ids = IdForm::bracketed);

/// Bytes that write_related() adds around one part, and around all of them.
std::size_t part_overhead(std::string_view content_id, std::string_view content_type);
std::size_t related_overhead();

/// One part of a body that came. Header values are "" where there is none, and unfolded.
struct Part {
  std::string content_type;
  std::string content_disposition;
  std::string content_id;  // without angle brackets
  std::string content_encoding;
  std::string_view body;  // a view into the whole
};

/// How many parts a body may have.
inline constexpr std::size_t most_parts = 64;

/// Cuts a multipart body of any subtype, whose Content-Type is `content_type`. What stands before the
/// first and behind the last boundary is left out; line ends may be CR LF or LF alone. What is multipart
/// within is one part.
///
/// Errors: malformed for another type, a boundary that is missing, empty or longer than 70 characters,
/// a body without it or without its end, a part whose header is broken; too_large past most_parts. Any
/// thread; time linear in the size.
base::Result<std::vector<Part>> read_multipart(std::string_view content_type, std::string_view body);

}  // namespace rollcall::bodies
