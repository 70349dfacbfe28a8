// SPDX-License-Identifier: Apache-2.0
#include "document_reader.hpp"

#include <utility>

#include <rollcall/xdm/selection.hpp>

#include <fmt/format.h>

namespace rollcall::app {

namespace {

using presence::DocumentWish;
using presence::FollowedDocuments;

xdm::DocumentSource source_of(engine::Queries& queries) {
  return {
      [&queries](const sip::Aor& owner, const std::string& path) { return queries.document(owner, path); },
      [&queries](const sip::Aor& owner) { return queries.documents(owner); }};
}

xdm::SelectionBounds bounds_of(const base::Limits& limits) {
  xdm::SelectionBounds bounds;
  bounds.content_bytes = static_cast<std::size_t>(limits.body_bytes);
  bounds.documents.document_bytes = static_cast<std::size_t>(limits.document_bytes);
  bounds.documents.depth = static_cast<std::size_t>(limits.xml_depth);
  return bounds;
}

FollowedDocuments followed(xdm::Selection selection, const std::string& root) {
  using Component = FollowedDocuments::Component;
  FollowedDocuments made;
  made.root = root;
  made.uses_global = selection.uses_global;
  for (xdm::SelectedDocument& document : selection.documents)
    made.documents.push_back({std::move(document.sel), std::move(document.etag)});
  for (xdm::SelectedNode& node : selection.nodes)
    made.components.push_back({node.is_attribute ? Component::Kind::attribute : Component::Kind::element,
                               std::move(node.sel), true, std::move(node.content),
                               std::move(node.namespaces)});
  return made;
}

base::Result<FollowedDocuments> read(engine::Queries& queries, const DocumentWish& wish,
                                     const base::Limits& limits, const std::string& root) {
  const xdm::DocumentSource source = source_of(queries);
  auto selection = wish.own ? xdm::select_own_documents(wish.reader, source)
                            : xdm::select_resources(wish.reader, wish.uris, source, bounds_of(limits));
  if (!selection) return selection.error();
  return followed(std::move(*selection), root);
}

}  // namespace

std::string xcap_root_of(const Configuration& configuration) {
  std::string root = configuration.xcap_root;
  if (root.empty()) {
    sip::Endpoint address = configuration.admin_listen;
    // What listens everywhere is called by the name that the server goes by, or by where it surely is.
    if (address.is_unspecified() && !configuration.advertise.empty())
      return fmt::format("http://{}:{}/xcap/", configuration.advertise, address.port());
    if (address.is_unspecified())
      address = *sip::Endpoint::parse(address.is_v4() ? "127.0.0.1" : "::1", address.port());
    root = fmt::format("http://{}/xcap", address.to_string());
  }
  if (!root.ends_with('/')) root += '/';
  return root;
}

presence::ReadDocuments document_reader(engine::Shard& shard, engine::Readers& readers, std::string root) {
  return [&shard, &readers, root = std::move(root)](
             const DocumentWish& wish, base::MoveFunction<void(base::Result<FollowedDocuments>)> done) {
    readers.post([&shard, wish, root, done = std::move(done)](engine::Queries& queries) mutable {
      auto documents = read(queries, wish, shard.limits(), root);
      shard.post([documents = std::move(documents), done = std::move(done)]() mutable {
        done(std::move(documents));
      });
    });
  };
}

}  // namespace rollcall::app
