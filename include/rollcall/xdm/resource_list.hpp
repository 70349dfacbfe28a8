// SPDX-License-Identifier: Apache-2.0
// Who is on a list: documents of resource-lists and rls-services as a flat list of resources (RFC 4826).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/model/document.hpp>
#include <rollcall/sip/uri.hpp>
#include <rollcall/xcap/limits.hpp>

namespace rollcall::xdm {

/// model::Document::path of the list services of a user (RFC 4826 §4).
inline constexpr std::string_view services_path = "rls-services/index";

/// One resource of a list.
struct ListedUri {
  std::string uri;           // "sip:user@domain" for a person, else as it is written
  std::string display_name;  // "" for none

  friend bool operator==(const ListedUri&, const ListedUri&) = default;
};

/// A document, by whom it belongs to and its path.
using DocumentName = std::pair<sip::Aor, std::string>;

/// A list as it is watched: each resource once, in the order of the documents.
struct ResourceList {
  std::string display_name;  // of the list, "" for none
  std::vector<ListedUri> entries;
  std::vector<DocumentName> documents;  // what it was read from: when one of them changes, it may be another
  bool cut = false;                     // there were more than the limit
};

/// How far a list is followed.
struct ListBounds {
  std::size_t entries = 500;
  std::size_t references = 100;  // external lists and references to entries that are looked up, in all
  xcap::Limits documents;
};

/// Gives a document, nullopt when there is none. Called some times in a reading, on its thread.
using FetchDocument = std::function<base::Result<std::optional<model::Document>>(const sip::Aor& owner,
                                                                                 const std::string& path)>;

/// All that stands in a user's document resource-lists/index, lists within lists too. A user without the
/// document has an empty list. <external> and <entry-ref> are followed into documents of the same user and
/// of the global tree, each once; what refers elsewhere, or to nothing, is left out (RFC 4826 §3.3).
///
/// Errors: those of `fetch`; malformed for a document that cannot be read. Time linear in the sizes of the
/// documents, once for each reference. Any thread.
base::Result<ResourceList> read_buddy_list(const sip::Aor& owner, const FetchDocument& fetch,
                                           const ListBounds& bounds);

/// What the service with this URI lists, as the document `services` of `owner` says: the list in it, or the
/// one it refers to (RFC 4826 §4.1). `event` is the package that is asked for. Errors as above; not_found:
/// the document has no such service; unsupported: the service is not for this package.
base::Result<ResourceList> read_list_service(const model::Document& services, std::string_view uri,
                                             std::string_view event, const FetchDocument& fetch,
                                             const ListBounds& bounds);

/// The list that a reference leads to, as <external> has one (RFC 4826 §3.3) or a condition of OMA's rules.
/// Empty when it leads to nothing that the owner may use. Errors as for read_buddy_list().
base::Result<ResourceList> read_referenced_list(const sip::Aor& owner, std::string_view reference,
                                                const FetchDocument& fetch, const ListBounds& bounds);

}  // namespace rollcall::xdm
