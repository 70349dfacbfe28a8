// SPDX-License-Identifier: Apache-2.0
// Text as it stands in addresses and bodies: UTF-8 and percent-encoding.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rollcall::http {

/// Length in bytes of the character that begins at `at`; 0 when it is no valid UTF-8 (RFC 3629 §4).
std::size_t utf8_length_at(std::string_view text, std::size_t at);

/// Valid UTF-8 without NUL, which PostgreSQL cannot keep.
bool is_clean_text(std::string_view text);

/// Whether a control character (C0, DEL) stands in the text.
bool has_control(std::string_view text);

/// Number of characters of a text that is_clean_text().
std::size_t character_count(std::string_view text);

/// Undoes %HH (RFC 3986 §2.1). nullopt: a broken escape, or the result is no clean text.
std::optional<std::string> percent_decode(std::string_view text);

/// Makes one path segment or query value: all but the unreserved characters is escaped.
std::string percent_encode(std::string_view text);

}  // namespace rollcall::http
