// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include <rollcall/sip/headers/params.hpp>
#include <rollcall/xcap/document.hpp>
#include <rollcall/xcap/path.hpp>
#include <rollcall/xcap/selector.hpp>
#include <rollcall/xdm/buddies.hpp>
#include <rollcall/xdm/place.hpp>
#include <rollcall/xdm/resource_list.hpp>
#include <rollcall/xml/text.hpp>

namespace rollcall::xdm {

namespace {

using xcap::Document;
using Index = Document::Index;

constexpr std::string_view lists_namespace = "urn:ietf:params:xml:ns:resource-lists";
constexpr std::string_view services_namespace = "urn:ietf:params:xml:ns:rls-services";
constexpr std::string_view lists_usage = "resource-lists";

bool is_list_element(const Document& document, Index element, std::string_view name) {
  return document.element(element).expanded == xcap::ExpandedName{lists_namespace, name};
}

std::optional<Index> child_named(const Document& document, Index parent, xcap::ExpandedName name) {
  for (Index child = document.first_child(parent); child != Document::none;
       child = document.element(child).next)
    if (document.element(child).expanded == name) return child;
  return std::nullopt;
}

std::string display_name_of(const Document& document, Index element) {
  const auto name = child_named(document, element, {lists_namespace, "display-name"});
  return name ? std::string(xml::trim(document.characters(*name))) : std::string();
}

// A reference is a URI below any XCAP root, or relative to it (RFC 4826 §3.3): what begins with the usage.
std::string_view below_root(std::string_view reference) {
  constexpr std::string_view inside = "/resource-lists/";
  if (reference.starts_with(inside.substr(1))) return reference;
  const auto at = reference.find(inside);
  return at == std::string_view::npos ? std::string_view() : reference.substr(at + 1);
}

/// Goes through lists and what they refer to, and collects the resources.
class Collector {
 public:
  Collector(sip::Aor owner, const FetchDocument& fetch, const ListBounds& bounds)
      : owner_(std::move(owner)), fetch_(fetch), bounds_(bounds) {}

  base::Result<> add_buddies() {
    auto document = open(owner_, std::string(buddies_path));
    if (!document) return document.error();
    if (!*document) return base::Done{};
    return add_children(**document, 0);
  }

  base::Result<> add_children(const Document& document, Index list) {
    for (Index child = document.first_child(list); child != Document::none && !list_.cut;
         child = document.element(child).next) {
      base::Result<> added = base::Done{};
      if (is_list_element(document, child, "list")) added = add_children(document, child);
      if (is_list_element(document, child, "entry")) add_entry(document, child);
      if (is_list_element(document, child, "external")) added = follow(document, child, "anchor", "list");
      if (is_list_element(document, child, "entry-ref")) added = follow(document, child, "ref", "entry");
      if (!added) return added;
    }
    return base::Done{};
  }

  /// The element that a reference leads to, which has to be a `kind`: its children, or itself when an entry.
  base::Result<> follow_to(std::string_view reference, std::string_view kind) {
    const auto path = xcap::parse_path(below_root(xml::trim(reference)), bounds_.documents);
    const auto* place = std::get_if<xcap::Path>(&path);
    if (!place || place->usage->auid != lists_usage) return base::Done{};
    const auto owner = owner_of(*place);
    if (!owner) return base::Done{};
    if (!followed_.insert(std::string(below_root(xml::trim(reference)))).second) return base::Done{};
    if (followed_.size() > bounds_.references) return cut();
    auto document = open(*owner, path_of(*place));
    if (!document) return document.error();
    if (!*document) return base::Done{};
    const auto element = element_in(**document, *place);
    if (!element || !is_list_element(**document, *element, kind)) return base::Done{};
    if (kind == "list") return add_children(**document, *element);
    add_entry(**document, *element);
    return base::Done{};
  }

  void set_name(std::string name) { list_.display_name = std::move(name); }
  void add_source(DocumentName name) {
    if (std::find(list_.documents.begin(), list_.documents.end(), name) == list_.documents.end())
      list_.documents.push_back(std::move(name));
  }
  ResourceList take() { return std::move(list_); }

 private:
  base::Result<> follow(const Document& document, Index element, std::string_view attribute,
                        std::string_view kind) {
    const auto reference = document.value(element, attribute);
    return reference ? follow_to(*reference, kind) : base::Result<>(base::Done{});
  }

  // A user's lists may use what the user may read: nobody else's.
  [[nodiscard]] std::optional<sip::Aor> owner_of(const xcap::Path& place) const {
    if (place.tree == xcap::Tree::global) return sip::Aor();
    const auto user = user_of(place.xui);
    return user && *user == owner_ ? user : std::nullopt;
  }

  static std::optional<Index> element_in(const Document& document, const xcap::Path& place) {
    if (!place.node) return std::nullopt;
    const auto selector = xcap::parse_node_selector(*place.node, place.query, place.usage->default_namespace);
    const auto* node = std::get_if<xcap::NodeSelector>(&selector);
    if (!node || node->target != xcap::Target::element) return std::nullopt;
    const auto match = xcap::select(document, node->steps);
    return match.is_one() ? std::optional<Index>(match.element) : std::nullopt;
  }

  using MaybeDocument = std::optional<Document>;
  base::Result<MaybeDocument> open(const sip::Aor& owner, const std::string& path) {
    add_source({owner, path});
    auto kept = fetch_(owner, path);
    if (!kept) return kept.error();
    if (!*kept) return MaybeDocument();
    auto document = Document::parse(std::string((*kept)->body),
                                    {bounds_.documents.document_bytes, bounds_.documents.depth});
    if (!document) return document.error();
    return MaybeDocument(std::move(*document));
  }

  void add_entry(const Document& document, Index entry) {
    const auto attribute = document.value(entry, "uri");
    const auto written = attribute ? xml::trim(*attribute) : std::string_view();
    if (written.empty()) return;
    auto uri = buddy_uri(written);
    std::string resource = uri ? std::move(*uri) : std::string(written);
    if (!seen_.insert(resource).second) return;
    if (list_.entries.size() == bounds_.entries) {
      list_.cut = true;
      return;
    }
    list_.entries.push_back({std::move(resource), display_name_of(document, entry)});
  }

  base::Result<> cut() {
    list_.cut = true;
    return base::Done{};
  }

  sip::Aor owner_;
  const FetchDocument& fetch_;
  const ListBounds& bounds_;
  ResourceList list_;
  std::set<std::string> seen_;      // resources
  std::set<std::string> followed_;  // references, so that a circle has an end
};

std::optional<Index> service_in(const Document& document, std::string_view uri) {
  for (Index child = document.first_child(0); child != Document::none; child = document.element(child).next) {
    const auto named = document.value(child, "uri");
    if (document.element(child).expanded == xcap::ExpandedName{services_namespace, "service"} && named &&
        service_uri(xml::trim(*named)) == uri)
      return child;
  }
  return std::nullopt;
}

// RFC 4826 §4.1: without <packages>, or with an empty one, it is for any.
bool is_for(const Document& document, Index service, std::string_view event) {
  const auto packages = child_named(document, service, {services_namespace, "packages"});
  if (!packages) return true;
  bool any = false;
  for (Index child = document.first_child(*packages); child != Document::none;
       child = document.element(child).next) {
    any = true;
    if (sip::equal_ignoring_case(xml::trim(document.characters(child)), event)) return true;
  }
  return !any;
}

}  // namespace

base::Result<ResourceList> read_buddy_list(const sip::Aor& owner, const FetchDocument& fetch,
                                           const ListBounds& bounds) {
  Collector collector(owner, fetch, bounds);
  if (const auto added = collector.add_buddies(); !added) return added.error();
  return collector.take();
}

base::Result<ResourceList> read_list_service(const model::Document& services, std::string_view uri,
                                             std::string_view event, const FetchDocument& fetch,
                                             const ListBounds& bounds) {
  const auto document =
      Document::parse(std::string(services.body), {bounds.documents.document_bytes, bounds.documents.depth});
  if (!document) return document.error();
  const auto service = service_in(*document, service_uri(uri));
  if (!service) return base::not_found("no such list service");
  if (!is_for(*document, *service, event))
    return base::Error{base::ErrorCode::unsupported, "the list is not for this event package"};
  Collector collector(services.owner, fetch, bounds);
  collector.add_source({services.owner, services.path});
  base::Result<> added = base::Done{};
  if (const auto list = child_named(*document, *service, {services_namespace, "list"})) {
    collector.set_name(display_name_of(*document, *list));
    added = collector.add_children(*document, *list);
  } else if (const auto link = child_named(*document, *service, {services_namespace, "resource-list"})) {
    added = collector.follow_to(document->characters(*link), "list");
  }
  if (!added) return added.error();
  return collector.take();
}

base::Result<ResourceList> read_referenced_list(const sip::Aor& owner, std::string_view reference,
                                                const FetchDocument& fetch, const ListBounds& bounds) {
  Collector collector(owner, fetch, bounds);
  if (const auto added = collector.follow_to(reference, "list"); !added) return added.error();
  return collector.take();
}

}  // namespace rollcall::xdm
