// SPDX-License-Identifier: Apache-2.0
// The application usages that this server knows (RFC 4825 §5), one row each.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xcap/conflict.hpp>
#include <rollcall/xcap/document.hpp>
#include <rollcall/xcap/limits.hpp>

namespace rollcall::xcap {

struct Path;

/// What the checks of a usage need to know beside the document.
struct Surroundings {
  /// The URIs that this server's XCAP roots have, e.g. "http://xcap.example.com/xcap". References to
  /// our own documents have to begin with one of them; none given: any root passes.
  std::vector<std::string> roots;
  /// Given service URIs of the document under change, returns those that another document or another
  /// resource of their domain has already (RFC 4826 §4.4.5). Empty: none is taken. Called once or
  /// twice in a request, on its thread.
  std::function<std::vector<std::string>(std::span<const std::string> uris)> taken;
};

/// What the schema of a usage cannot say. nullopt: the document may be stored.
using Constraint = std::optional<Conflict> (*)(const Document& document, const Path& path,
                                               const Surroundings& surroundings, const Limits& limits);

/// Who asks, as far as the default policy tells people apart (RFC 4825 §5.7).
enum class Requester : std::uint8_t { owner, other_user, administrator };

struct ApplicationUsage {
  std::string_view auid;
  std::string_view media_type;
  std::string_view default_namespace;  // for selectors
  std::string_view default_document;   // the name that its documents usually have
  ExpandedName root;                   // the root element that its documents have
  bool has_schema = true;              // false: our schemas do not know this root
  bool is_generated = false;           // the server writes it, nobody else does
  bool only_default_document = false;  // and only in a home directory
  bool global_is_private = false;      // the global tree is for administrators alone
  std::string_view directory = {};     // the one that a home directory may have, "" for none
  Constraint constraint = nullptr;
};

/// All of them.
std::span<const ApplicationUsage> application_usages();

/// nullptr when this server does not know it.
const ApplicationUsage* find_usage(std::string_view auid);

/// The default policy with what the usage changes of it (RFC 4825 §5.7): owners read and write what is
/// below their home directory, users read global documents, administrators do all. Who asks has been
/// authenticated. False: 403.
bool may_read(const Path& path, Requester requester);
bool may_write(const Path& path, Requester requester);

}  // namespace rollcall::xcap
