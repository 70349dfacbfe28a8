// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <variant>

#include <rollcall/xcap/document.hpp>
#include <rollcall/xcap/path.hpp>
#include <rollcall/xcap/selector.hpp>
#include <rollcall/xdm/place.hpp>
#include <rollcall/xdm/selection.hpp>

namespace rollcall::xdm {

namespace {

using Names = std::vector<std::string>;

constexpr std::string_view root_path = "/xcap/";

// An absolute URI counts by what is below the XCAP root, whatever host its client calls us by.
std::optional<std::string_view> below_root(std::string_view uri) {
  const auto colon = uri.find("://");
  const bool is_absolute = colon != std::string_view::npos && uri.find('/') == colon + 1;
  if (!is_absolute && !uri.starts_with(root_path)) return uri.starts_with('/') ? uri.substr(1) : uri;
  const auto at = uri.find(root_path, is_absolute ? colon + 3 : 0);
  if (at == std::string_view::npos) return std::nullopt;
  return uri.substr(at + root_path.size());
}

bool is_collection(std::string_view place) {
  return place.find('?') == std::string_view::npos && (place.empty() || place.ends_with('/'));
}

// One name for one user, however the XUI is written.
std::string tree_name(std::string_view xui) {
  const auto user = user_of(xui);
  return user ? user->uri() : std::string(xui);
}

Names names_in(std::string_view collection) {
  Names names;
  for (auto slash = collection.find('/'); slash != std::string_view::npos; slash = collection.find('/')) {
    names.push_back(sip::unescape(collection.substr(0, slash)));
    collection.remove_prefix(slash + 1);
  }
  if (names.size() > 2 && names[1] == "users") names[2] = tree_name(names[2]);
  return names;
}

Names names_of(const xcap::Path& path) {
  Names names{std::string(path.usage->auid)};
  names.emplace_back(path.tree == xcap::Tree::global ? "global" : "users");
  if (path.tree == xcap::Tree::users) names.push_back(path.xui);
  names.insert(names.end(), path.directories.begin(), path.directories.end());
  return names;
}

bool is_below(const Names& names, const Names& collection) {
  return collection.size() <= names.size() && std::equal(collection.begin(), collection.end(), names.begin());
}

std::string bare_tag(std::string_view etag) {
  if (etag.size() > 1 && etag.starts_with('"') && etag.ends_with('"')) etag = etag.substr(1, etag.size() - 2);
  return std::string(etag);
}

/// Goes through URIs and collects what they name.
class Selector {
 public:
  Selector(const sip::Aor& user, const DocumentSource& source, const SelectionBounds& bounds)
      : user_(user), source_(source), bounds_(bounds) {}

  base::Result<> add_resource(const std::string& uri) {
    const auto place = below_root(uri);
    if (!place || is_collection(*place)) return base::Done{};
    const auto parsed = xcap::parse_path(*place, bounds_.documents);
    const auto* path = std::get_if<xcap::Path>(&parsed);
    if (!path) return base::Done{};
    const auto owner = owner_of(*path);
    if (!owner) return base::Done{};
    if (owner->empty()) selection_.uses_global = true;
    return path->node ? add_node(uri, *owner, *path) : add_document(uri, *owner, *path);
  }

  base::Result<> add_if_collection(const std::string& uri) {
    const auto place = below_root(uri);
    return place && is_collection(*place) ? add_collection(names_in(*place)) : base::Done{};
  }

  base::Result<> add_all_of(const sip::Aor& owner) { return add_collection_of(owner, {}); }

  Selection take() { return std::move(selection_); }

 private:
  /// Whose documents a path leads to; nullopt when the user may not read them.
  [[nodiscard]] std::optional<sip::Aor> owner_of(const xcap::Path& path) const {
    const bool is_global = path.tree == xcap::Tree::global;
    const auto owner = is_global ? std::optional(sip::Aor()) : user_of(path.xui);
    if (!owner) return std::nullopt;
    const auto requester = *owner == user_ ? xcap::Requester::owner : xcap::Requester::other_user;
    return xcap::may_read(path, requester) ? owner : std::nullopt;
  }

  base::Result<> add_document(const std::string& uri, const sip::Aor& owner, const xcap::Path& path) {
    const auto rows = rows_of(owner);
    if (!rows) return rows.error();
    const std::string name = path_of(path);
    for (const engine::DocumentRow& row : **rows)
      if (row.path == name) take_document(owner, row, uri);
    return base::Done{};
  }

  base::Result<> add_collection(const Names& names) {
    const bool may_be_global = names.size() < 2 || names[1] == "global";
    if (may_be_global) selection_.uses_global = true;
    if (auto added = add_collection_of(user_, names); !added || !may_be_global) return added;
    return add_collection_of(sip::Aor(), names);
  }

  base::Result<> add_collection_of(const sip::Aor& owner, const Names& names) {
    const auto rows = rows_of(owner);
    if (!rows) return rows.error();
    for (const engine::DocumentRow& row : **rows) {
      const auto path = xcap_path(owner, row.path);
      if (path && is_below(names_of(*path), names) && owner_of(*path))
        take_document(owner, row, path->document_selector());
    }
    return base::Done{};
  }

  void take_document(const sip::Aor& owner, const engine::DocumentRow& row, const std::string& sel) {
    if (taken_.emplace(owner.text(), row.path).second)
      selection_.documents.push_back({sel, bare_tag(row.etag)});
  }

  base::Result<> add_node(const std::string& uri, const sip::Aor& owner, const xcap::Path& path) {
    const auto parsed = xcap::parse_node_selector(*path.node, path.query, path.usage->default_namespace);
    const auto* selector = std::get_if<xcap::NodeSelector>(&parsed);
    if (!selector || selector->target == xcap::Target::namespaces) return base::Done{};
    const auto opened = document_at(owner, path_of(path));
    if (!opened) return opened.error();
    const auto& document = **opened;
    if (!document || !xcap::selects(*document, *selector)) return base::Done{};
    if (selector->target == xcap::Target::attribute)
      take_attribute(uri, *document, *xcap::select_attribute(*document, *selector));
    else
      take_element(uri, *document, xcap::select(*document, selector->steps).element);
    return base::Done{};
  }

  // RFC 5875 §4.7: of an element that is too long it is told that it is there.
  void take_element(const std::string& uri, const xcap::Document& document, xcap::Document::Index element) {
    SelectedNode& node = selection_.nodes.emplace_back();
    node.sel = uri;
    const std::string_view text = document.element_text(element);
    if (!fits(text)) return;
    node.content = text;
    for (const xcap::Document::Binding& binding : document.bindings(element))
      node.namespaces.emplace_back(binding.prefix, binding.uri);
  }

  // Without its value an attribute would pass for an empty one.
  void take_attribute(const std::string& uri, const xcap::Document& document,
                      const xcap::Document::Attribute& attribute) {
    if (fits(document.quoted_value(attribute)))
      selection_.nodes.push_back({uri, true, document.value(attribute)});
  }

  bool fits(std::string_view content) {
    if (content.size() > bounds_.content_bytes - content_bytes_) return false;
    content_bytes_ += content.size();
    return true;
  }

  // Each list and each document is read once.
  using Rows = std::vector<engine::DocumentRow>;
  base::Result<const Rows*> rows_of(const sip::Aor& owner) {
    const auto known = rows_.find(owner.text());
    if (known != rows_.end()) return &known->second;
    auto rows = source_.list(owner);
    if (!rows) return rows.error();
    return &rows_.emplace(owner.text(), std::move(*rows)).first->second;
  }

  using MaybeDocument = std::optional<xcap::Document>;
  base::Result<const MaybeDocument*> document_at(const sip::Aor& owner, const std::string& path) {
    const auto name = std::pair(owner.text(), path);
    const auto known = documents_.find(name);
    if (known != documents_.end()) return &known->second;
    auto kept = source_.fetch(owner, path);
    if (!kept) return kept.error();
    MaybeDocument opened;
    if (*kept) {
      auto parsed = xcap::Document::parse(std::string((*kept)->body),
                                          {bounds_.documents.document_bytes, bounds_.documents.depth});
      if (parsed) opened = std::move(*parsed);
    }
    return &documents_.emplace(name, std::move(opened)).first->second;
  }

  const sip::Aor& user_;
  const DocumentSource& source_;
  const SelectionBounds& bounds_;
  Selection selection_;
  std::size_t content_bytes_ = 0;
  std::set<std::pair<std::string, std::string>> taken_;  // documents, by owner and path
  std::map<std::string, Rows> rows_;                     // by owner
  std::map<std::pair<std::string, std::string>, MaybeDocument> documents_;
};

}  // namespace

base::Result<Selection> select_resources(const sip::Aor& user, const std::vector<std::string>& uris,
                                         const DocumentSource& source, const SelectionBounds& bounds) {
  Selector selector(user, source, bounds);
  // Collections come last: what is in one and has been asked for by its name keeps the name that was used.
  for (const std::string& uri : uris)
    if (const auto added = selector.add_resource(uri); !added) return added.error();
  for (const std::string& uri : uris)
    if (const auto added = selector.add_if_collection(uri); !added) return added.error();
  return selector.take();
}

base::Result<Selection> select_own_documents(const sip::Aor& user, const DocumentSource& source) {
  const SelectionBounds bounds;
  Selector selector(user, source, bounds);
  if (const auto added = selector.add_all_of(user); !added) return added.error();
  return selector.take();
}

}  // namespace rollcall::xdm
