// SPDX-License-Identifier: Apache-2.0
// The documents of users, for whoever is no shard.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/accounts/service.hpp>
#include <rollcall/base/limits.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/model/document.hpp>
#include <rollcall/xcap/request.hpp>

namespace rollcall::xdm {

/// Reads and changes documents. Any thread that is no shard's: a call waits for the database, and for the
/// shard that owns the documents, five seconds at most. Every change of a document is made here, whoever asks
/// for it: one at a time for an owner, so that each is decided on what the one before left; valid by the
/// schemas and the limits; and on disk when the call returns. Documents that were used lately are kept in
/// memory.
///
/// Errors of all calls: unavailable (no database, or no answer in time), overloaded (too many changes of this
/// owner, or of everything, wait).
class Service {
 public:
  /// Before the shards run. `roots` are the URIs that clients reach the XCAP root by; none: any will do in
  /// references between documents.
  Service(std::vector<accounts::ShardAccounts> shards, engine::Readers& readers, const base::Limits& limits,
          std::vector<std::string> roots);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// nullopt: there is no such document. The empty owner is the global tree.
  base::Result<std::optional<model::Document>> read(const sip::Aor& owner, const std::string& path);
  /// All that an owner has, by path.
  base::Result<std::vector<engine::DocumentRow>> list(const sip::Aor& owner);
  /// The document that defines a list service (RFC 4826 §4), by its URI; nullopt: none does.
  base::Result<std::optional<model::Document>> service(const std::string& uri);

  /// Given the document as it is, returns its new text, nullopt to remove it, or an error to leave it and to
  /// return from edit(). Called once at most, on the caller's thread.
  using Change =
      std::function<base::Result<std::optional<std::string>>(const std::optional<model::Document>& current)>;
  /// Changes a document, and returns it as it is kept. Errors beside those of the change: not_found (there is
  /// no such user), conflict (what came out is not valid, or the user has too many documents), too_large.
  base::Result<std::optional<model::Document>> edit(const sip::Aor& owner, const std::string& path,
                                                    const Change& change);
  /// Removes a document. not_found: it is not there.
  base::Result<> remove(const sip::Aor& owner, const std::string& path);

  /// Carries out an XCAP request that may be carried out, see xcap::handle(); its status is the answer's.
  /// `owner` is whose home directory it is for, empty for the global tree; `root` is the URI under which the
  /// client reaches the XCAP root. Writes the generated documents: capabilities, directories, and the index
  /// of all list services.
  base::Result<xcap::Outcome> handle(const sip::Aor& owner, const xcap::Request& request,
                                     std::string_view root);

  /// Is there such a user, enabled or not?
  base::Result<bool> has_user(const sip::Aor& aor);

  /// What bounds one request now.
  [[nodiscard]] xcap::Limits xcap_limits() const;

 private:
  class Edit;
  class Generator;
  struct Parts;

  std::unique_ptr<Parts> parts_;
};

}  // namespace rollcall::xdm
