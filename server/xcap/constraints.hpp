// SPDX-License-Identifier: Apache-2.0
// What the schemas cannot say, usage by usage. Each function is a Constraint (see usage.hpp).
#pragma once

#include <optional>

#include <rollcall/xcap/path.hpp>
#include <rollcall/xcap/usage.hpp>

namespace rollcall::xcap {

/// Names of lists, entries and references are unique among siblings, and references are of the kind
/// they have to be (RFC 4826 §3.4.5).
std::optional<Conflict> check_lists(const Document& document, const Path& path,
                                    const Surroundings& surroundings, const Limits& limits);

/// Service URIs are unique here and everywhere, and refer to lists of the same user (RFC 4826 §4.4.5).
std::optional<Conflict> check_services(const Document& document, const Path& path,
                                       const Surroundings& surroundings, const Limits& limits);

/// Times say what zone they are in (RFC 4745 §7.4, erratum 1455).
std::optional<Conflict> check_policy(const Document& document, const Path& path,
                                     const Surroundings& surroundings, const Limits& limits);

/// The document can be composed into somebody's presence (RFC 4827 §3).
std::optional<Conflict> check_presence(const Document& document, const Path& path,
                                       const Surroundings& surroundings, const Limits& limits);

/// An icon that a client can show: a picture, in base64 (OMA Presence Content XDM 1.0 §5.1).
std::optional<Conflict> check_content(const Document& document, const Path& path,
                                      const Surroundings& surroundings, const Limits& limits);

/// The selector of an attribute as `field` has it: element names with positions, percent-encoded, and
/// a query when names of another namespace than `default_namespace` occur (RFC 4825 §11.1).
std::string field_of(const Document& document, Document::Index element, std::string_view attribute,
                     std::string_view default_namespace);

}  // namespace rollcall::xcap
