// SPDX-License-Identifier: Apache-2.0
// Bytes as text that PostgreSQL always takes, and lists of texts as array literals.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::storage {

/// Text columns hold valid UTF-8 without NUL, and peers send what they like. encode_text() writes
/// each byte that is no part of valid UTF-8 (and NUL) as the private character U+10FF00 plus the
/// byte; so every string can be stored, equal strings stay equal, and decode_text() gives back the
/// very bytes. Characters from U+10FF00 on are themselves written byte by byte.
void append_encoded(std::string& out, std::string_view bytes);
std::string encode_text(std::string_view bytes);
std::string decode_text(std::string_view text);

/// {"a","b \"c\""}: an array literal of PostgreSQL. The elements are encoded.
std::string to_array_literal(const std::vector<std::string>& list);

/// The list in an array literal as PostgreSQL prints it; nullopt when it is none (or holds NULL or
/// nested arrays, which we never write).
std::optional<std::vector<std::string>> parse_array_literal(std::string_view text);

/// A cursor for the next page: the key in hexadecimal, to be handed back unread. nullopt from
/// parse_cursor(): not one of ours.
std::string to_cursor(std::string_view key);
std::optional<std::string> parse_cursor(std::string_view cursor);

/// The pattern that LIKE matches with any text that holds `part`.
std::string like_pattern(std::string_view part);

}  // namespace rollcall::storage
