// SPDX-License-Identifier: Apache-2.0
// XML patch operations (RFC 5261): <add>, <replace> and <remove>, applied to a document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <rollcall/xml/guard.hpp>

namespace rollcall::xml {

inline constexpr std::string_view patch_error_media_type = "application/patch-ops-error+xml";
inline constexpr std::string_view patch_error_namespace = "urn:ietf:params:xml:ns:patch-ops-error";

/// The error conditions of RFC 5261 §5.1. The last two never come from us, as we know both kinds of id.
enum class PatchFault : std::uint8_t {
  invalid_attribute_value,
  invalid_character_set,
  invalid_diff_format,
  invalid_entity_declaration,
  invalid_namespace_prefix,
  invalid_namespace_uri,
  invalid_node_types,
  invalid_patch_directive,
  invalid_root_element_operation,
  invalid_xml_prolog_operation,
  invalid_whitespace_directive,
  unlocated_node,
  unsupported_id_function,
  unsupported_xml_id,
};

/// Name of its element, e.g. "unlocated-node".
std::string_view to_string(PatchFault fault);

/// Why a patch could not be applied.
struct PatchError {
  std::optional<PatchFault> fault;  // nullopt: past one of PatchBounds, of which RFC 5261 does not speak
  std::string phrase;               // one line for a person
  std::string operation;            // the operation that failed as an element that stands alone; "" for none

  friend bool operator==(const PatchError&, const PatchError&) = default;
};

/// How much a patch may cost.
struct PatchBounds {
  Bounds document;                // of the patch, of its target and of what comes out
  std::size_t steps = 2'000'000;  // nodes and attributes looked at, over all operations
};

/// The patched document, or why there is none.
using Patched = std::variant<std::string, PatchError>;

/// Applies the operations that are children of the root of `diff`, one after the other, to `target`.
///
/// Selectors are those of RFC 5261 §8, white space between their words allowed; prefixes in them mean
/// what they mean in the patch (§4.2.1). id() finds xml:id, and the id of the elements of
/// known_namespaces(). Operations are add, replace and remove of the namespace of the root of `diff`.
/// All or nothing: the first fault ends it. White space round the one node of a <replace> is layout.
/// What is added without a namespace below a default one gets xmlns="", so that it stays without.
///
/// Comments, processing instructions, CDATA sections and white space survive; an XML declaration is
/// written anew. What comes out has passed guard(). Any thread; time is bounded by `bounds`.
Patched apply_patch(std::string_view target, std::string_view diff, const PatchBounds& bounds);

/// A document of patch_error_media_type (RFC 5261 §5.1, §9).
std::string write_patch_error(const PatchError& error);

}  // namespace rollcall::xml
