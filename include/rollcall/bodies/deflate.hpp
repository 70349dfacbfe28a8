// SPDX-License-Identifier: Apache-2.0
// The content coding "deflate": the zlib format (RFC 1950) round deflated data (RFC 1951).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <rollcall/base/result.hpp>

namespace rollcall::bodies {

inline constexpr std::string_view deflate_coding = "deflate";

/// `text` in the zlib format. Any thread.
std::string deflate(std::string_view text);

/// What deflate() was given. Deflated data without the zlib header are understood too, as some send it.
///
/// Errors: too_large as soon as more than `most_bytes` come out, whatever would follow; malformed for
/// data that are broken, cut off, or followed by others, and for a preset dictionary. Any thread; time
/// linear in the size and in most_bytes.
base::Result<std::string> inflate(std::string_view data, std::size_t most_bytes);

/// Takes the codings of a Content-Encoding header off a body: none, "identity" or "deflate", in any case.
/// Errors: those of inflate(); unsupported for every other coding, and for more than one, which would
/// multiply what little can become.
base::Result<std::string> decode_content(std::string_view content_encoding, std::string_view body,
                                         std::size_t most_bytes);

}  // namespace rollcall::bodies
