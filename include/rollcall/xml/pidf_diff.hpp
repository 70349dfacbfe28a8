// SPDX-License-Identifier: Apache-2.0
// Partial presence documents: application/pidf-diff+xml (RFC 5262), as published (RFC 5264) and as
// notified (RFC 5263).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/xml/patch.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::xml {

inline constexpr std::string_view pidf_diff_media_type = "application/pidf-diff+xml";
inline constexpr std::string_view pidf_diff_namespace = "urn:ietf:params:xml:ns:pidf-diff";

/// A body of pidf_diff_media_type.
struct PidfUpdate {
  enum class Kind : std::uint8_t { full, diff };
  Kind kind = Kind::full;
  std::optional<std::uint32_t> version;
  std::string entity;  // "" when a diff does not say
  std::string text;    // full: the same as a document with root <presence>; diff: the body itself

  /// Reads a body after guard(), within limits.body_bytes and limits.xml_depth. The text of a full one
  /// goes to PidfDocument::parse(); its white space is kept, since patches that follow may name it.
  ///
  /// Errors: too_large; malformed for another root than <pidf-full> or <pidf-diff> (<presence> too,
  /// RFC 5262 §3), a full one without an entity, a version that is no 32-bit number. Any thread.
  static base::Result<PidfUpdate> parse(std::string_view body, const base::Limits& limits);
};

/// Applies a diff to the presence document that its sender keeps with us: what a PUBLISH brought before
/// (RFC 5264 §4.3.2; versions do not count there, §3.2). `known` has root <presence>, as PidfUpdate and
/// this function make it. A diff that names another entity is invalid_attribute_value (RFC 5262 §11).
/// What comes out is to be parsed before it is believed. Any thread.
Patched apply_pidf_diff(std::string_view known, const PidfUpdate& diff, const base::Limits& limits);

/// What a watcher knows of one presentity within one subscription (RFC 5263 §4.5).
class KnownPresence {
 public:
  /// Takes the body of the next NOTIFY. After an error the document is as it was before.
  ///
  /// Errors: malformed; conflict for a version that is not newer (discard it); precondition when
  /// something was missed or a diff does not fit: refresh the subscription to get the full document.
  base::Result<> take(std::string_view body, const base::Limits& limits);

  [[nodiscard]] const std::string& text() const { return text_; }  // "" before the first full document
  [[nodiscard]] std::optional<std::uint32_t> version() const { return version_; }

 private:
  std::string text_;
  std::optional<std::uint32_t> version_;
};

/// A <pidf-full> of `document`. It declares all of known_namespaces(), so that the diffs that follow
/// need not. Any thread.
std::string write_pidf_full(const PidfDocument& document, std::uint32_t version);

/// The same of a text that write() made.
std::string write_pidf_full(std::string_view document, std::uint32_t version);

/// What is sent instead of a whole document.
struct PidfChange {
  PidfUpdate::Kind kind = PidfUpdate::Kind::full;
  std::string body;  // of type pidf_diff_media_type
};

/// Turns `before` into `after`, for a watcher who got `before` by these two functions: a <pidf-diff>, or
/// a <pidf-full> when that is no longer, or the entity is another. Equal documents give a diff without
/// operations. Changes are told by the ids of tuples, persons and devices, and by their children.
///
/// Both are texts that write() made. Where one element has more than 500 children they are not compared,
/// and it is sent whole. Any thread; time at worst the square of the number of children in one place.
PidfChange write_pidf_change(std::string_view before, std::string_view after, std::uint32_t version);
PidfChange write_pidf_change(const PidfDocument& before, const PidfDocument& after, std::uint32_t version);

}  // namespace rollcall::xml
