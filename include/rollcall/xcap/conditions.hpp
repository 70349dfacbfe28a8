// SPDX-License-Identifier: Apache-2.0
// Entity tags and conditional requests (RFC 4825 §7.11, §8.5; RFC 7232).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rollcall::xcap {

/// What the conditions of a request say.
enum class Verdict : std::uint8_t {
  proceed,
  not_modified,  // 304
  failed,        // 412
  malformed,     // 400
};

struct Conditions {
  std::optional<std::string> if_match;       // the field; several joined by commas
  std::optional<std::string> if_none_match;  // the same
};

/// Evaluates If-Match, then If-None-Match (RFC 7232 §6). `etag` is the strong entity tag of the document,
/// with its quotes; nullopt when there is no document. All resources within a document share it, so "*"
/// in If-None-Match always fails for a node of a document that exists (RFC 4825 §8.2.6). `reads` is true
/// for GET and HEAD. Any thread.
Verdict evaluate(const Conditions& conditions, std::optional<std::string_view> etag, bool reads);

/// The entity tag of a document: strong, with quotes, made from its bytes alone, so that a document that
/// comes to be as it was is as it was. Any thread; linear.
std::string etag_of(std::string_view document);

}  // namespace rollcall::xcap
