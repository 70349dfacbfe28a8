// SPDX-License-Identifier: Apache-2.0
// XCAP URIs below the XCAP root (RFC 4825 §6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <rollcall/xcap/conflict.hpp>
#include <rollcall/xcap/limits.hpp>
#include <rollcall/xcap/usage.hpp>

namespace rollcall::xcap {

enum class Tree : std::uint8_t { users, global };

/// Where a request points: a document, and perhaps a node in it.
struct Path {
  const ApplicationUsage* usage = nullptr;  // never nullptr after parse_path()
  Tree tree = Tree::users;
  std::string xui;                       // whose home directory, percent-decoded; "" in the global tree
  std::vector<std::string> directories;  // between that and the document
  std::string document;                  // its name
  std::optional<std::string> node;       // the node selector, still percent-encoded
  std::string query;                     // what follows "?", still percent-encoded

  /// The document without the node: "resource-lists/users/sip:joe@example.com/index", each part
  /// percent-encoded where it has to be. The same document gives the same text.
  [[nodiscard]] std::string document_selector() const;
};

/// Takes apart what follows the XCAP root in a request's target, with or without a slash in front. The
/// first "~~" separates document and node, however it is escaped.
///
/// Refusals: 404 for an application usage that we do not know, a tree other than users and global, or no
/// document; 400 for a broken escape; 414 past limits.target_bytes. Whether the user exists, and whether
/// the node selector is one, is not looked at. Any thread.
std::variant<Path, Refusal> parse_path(std::string_view target, const Limits& limits);

}  // namespace rollcall::xcap
