// SPDX-License-Identifier: Apache-2.0
// What a list of XCAP URIs names: documents, collections of documents, and nodes in them (RFC 5875 §4.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/sip/uri.hpp>
#include <rollcall/xcap/limits.hpp>
#include <rollcall/xdm/resource_list.hpp>

namespace rollcall::xdm {

/// A document that was selected.
struct SelectedDocument {
  std::string sel;   // the URI that names it, as it was given; of one in a collection the path from the root
  std::string etag;  // without quotes

  friend bool operator==(const SelectedDocument&, const SelectedDocument&) = default;
};

/// An element or attribute that was selected, and is there.
struct SelectedNode {
  std::string sel;  // the URI that names it, as it was given
  bool is_attribute = false;
  std::string content;  // the element as it stands in its document, "" when it is too long; or the value
  std::vector<std::pair<std::string, std::string>> namespaces{};  // in scope of the element, by prefix

  friend bool operator==(const SelectedNode&, const SelectedNode&) = default;
};

struct Selection {
  std::vector<SelectedDocument> documents;  // each once; those asked for by name first
  std::vector<SelectedNode> nodes;
  bool uses_global = false;  // the global tree counts for it, whether something is there or not
};

/// Where documents come from. Called some times in a selection, on its thread.
struct DocumentSource {
  FetchDocument fetch;
  std::function<base::Result<std::vector<engine::DocumentRow>>(const sip::Aor& owner)> list;
};

struct SelectionBounds {
  /// Of all nodes together. Elements past it are there without content, attributes are left out.
  std::size_t content_bytes = 32'768;
  xcap::Limits documents;
};

/// What the URIs select for a user. They are relative to the XCAP root, or below any root; what ends in a
/// slash, and the empty one, is a collection with all below it. Left out, without an error, is what is not
/// there, what the user may not read (RFC 4825 §5.7), what is no XCAP URI, and what the server writes itself.
/// Errors: those of the source. Time linear in URIs times documents, and in the sizes of documents with a
/// selected node. Any thread.
base::Result<Selection> select_resources(const sip::Aor& user, const std::vector<std::string>& uris,
                                         const DocumentSource& source, const SelectionBounds& bounds);

/// All documents in the user's home directory. Errors as above.
base::Result<Selection> select_own_documents(const sip::Aor& user, const DocumentSource& source);

}  // namespace rollcall::xdm
