// SPDX-License-Identifier: Apache-2.0
// The buddy list as a view of the document that XCAP clients edit too (see xdm/buddies.hpp).
#include "lists.hpp"
#include "parameters.hpp"
#include "resources.hpp"

#include <algorithm>
#include <optional>

#include <rollcall/base/clock.hpp>
#include <rollcall/http/fields.hpp>
#include <rollcall/http/problem.hpp>
#include <rollcall/http/text.hpp>
#include <rollcall/xdm/buddies.hpp>

namespace rollcall::admin::buddies {

namespace {

using http::Request;
using http::Response;
using xdm::Buddy;
using Document = std::optional<model::Document>;

/// An entry, and when the document that it is in was changed.
struct Entry {
  Buddy buddy;
  base::Instant updated{};
};

http::json::Object to_json(const Entry& entry) {
  return {{"uri", entry.buddy.uri},
          {"display_name", entry.buddy.display_name},
          {"group", entry.buddy.group},
          {"updated", base::to_rfc3339(entry.updated)}};
}

std::string path_of_buddy(const sip::Aor& owner, const std::string& uri) {
  return path_of(owner) + "/buddies/" + http::percent_encode(uri);
}

std::string fault_in_uri(const std::string& text) {
  return xdm::buddy_uri(text) ? "" : "not the SIP URI of a person";
}

std::vector<Entry> entries_of(const Services& services, const Document& document) {
  std::vector<Entry> entries;
  if (!document) return entries;
  for (Buddy& buddy : xdm::buddies_in(document->body, services.documents.xcap_limits()))
    entries.push_back({std::move(buddy), document->updated});
  return entries;
}

std::optional<Entry> find(const std::vector<Entry>& entries, const std::string& uri) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.buddy.uri == uri; });
  return found == entries.end() ? std::nullopt : std::optional<Entry>(*found);
}

/// An entry as the address names it: whose, and which. What a list shows may be named as it is shown.
struct Place {
  sip::Aor owner;
  std::string uri;
  bool is_person = false;
};

base::Result<Place> place_in(const Services& services, const Request& request) {
  auto owner = user_in(services, request);
  if (!owner) return owner.error();
  const std::string& text = request.parameter("uri");
  const auto uri = xdm::buddy_uri(text);
  return Place{std::move(*owner), uri ? *uri : text, uri.ok()};
}

base::Error missing(const Place& place) {
  if (!place.is_person) return base::malformed("uri: not the SIP URI of a person");
  return base::not_found(place.uri + " is not on the list of " + place.owner.text());
}

base::Result<Document> read(const Services& services, const sip::Aor& owner) {
  return services.documents.read(owner, std::string(xdm::buddies_path));
}

/// What a change of the list came to.
struct Kept {
  Entry entry;
  bool is_new = false;
};

/// Puts an entry on the list. Limits::buddies_per_user holds for what is added; an entry that is there is an
/// error unless it `may_be_there`.
base::Result<Kept> save(const Services& services, const sip::Aor& owner, const Buddy& buddy,
                        bool may_be_there) {
  Kept kept{{buddy, {}}, false};
  const auto saved = services.documents.edit(
      owner, std::string(xdm::buddies_path),
      [&](const Document& current) -> base::Result<std::optional<std::string>> {
        const auto entries = entries_of(services, current);
        kept.is_new = !find(entries, buddy.uri);
        if (!kept.is_new && !may_be_there)
          return base::Error{base::ErrorCode::conflict, buddy.uri + " is on the list already"};
        if (kept.is_new && static_cast<std::int64_t>(entries.size()) >= services.limits.buddies_per_user)
          return base::Error{base::ErrorCode::conflict, "the list of " + owner.text() + " is full"};
        const auto text = current ? std::optional<std::string_view>(current->body) : std::nullopt;
        auto changed = xdm::with_buddy(text, buddy, services.documents.xcap_limits());
        if (!changed) return changed.error();
        return std::optional<std::string>(std::move(*changed));
      });
  if (!saved) return saved.error();
  kept.entry.updated = (*saved)->updated;
  return kept;
}

Buddy texts_in(http::Fields& fields) {
  Buddy buddy;
  buddy.display_name = fields.optional_text("display_name", accounts::fault_in_label).value_or("");
  buddy.group = fields.optional_text("group", accounts::fault_in_label).value_or("");
  return buddy;
}

bool holds(const std::string& text, const std::string& part) {
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

/// The entries behind the cursor that were searched for, by URI. The cursor is the last URI of the page
/// before.
engine::Page<Entry> page_of(std::vector<Entry> entries, const engine::PageRequest& wanted) {
  std::erase_if(entries, [&](const Entry& entry) {
    return entry.buddy.uri <= wanted.after ||
           !(holds(entry.buddy.uri, wanted.search) || holds(entry.buddy.display_name, wanted.search));
  });
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.buddy.uri < b.buddy.uri; });
  engine::Page<Entry> page;
  const auto limit = static_cast<std::size_t>(wanted.limit);
  const bool is_last = entries.size() <= limit;
  if (!is_last) entries.resize(limit);
  if (!is_last) page.next = http::percent_encode(entries.back().buddy.uri);
  page.rows = std::move(entries);
  return page;
}

}  // namespace

Response list(const Services& services, const Request& request) {
  auto wanted = page_in(request);
  if (!wanted) return http::problem(wanted.error());
  const auto after = http::percent_decode(wanted->after);
  if (!after || http::percent_encode(*after) != wanted->after)
    return http::problem(base::malformed("cursor: not one that a list gave"));
  wanted->after = *after;
  const auto owner = user_in(services, request);
  if (!owner) return http::problem(owner.error());
  const auto document = read(services, *owner);
  if (!document) return http::problem(document.error());
  return http::ok(json_of(page_of(entries_of(services, *document), *wanted), to_json));
}

Response get(const Services& services, const Request& request) {
  const auto place = place_in(services, request);
  if (!place) return http::problem(place.error());
  const auto document = read(services, place->owner);
  if (!document) return http::problem(document.error());
  const auto entry = find(entries_of(services, *document), place->uri);
  return entry ? http::ok(to_json(*entry)) : http::problem(missing(*place));
}

Response create(const Services& services, const Request& request) {
  http::Fields fields(request.body);
  const std::string uri = fields.text("uri", fault_in_uri);
  Buddy buddy = texts_in(fields);
  if (const auto problem = fields.finish()) return http::problem(*problem);
  const auto owner = user_in(services, request);
  if (!owner) return http::problem(owner.error());
  buddy.uri = *xdm::buddy_uri(uri);
  const auto kept = save(services, *owner, buddy, false);
  if (!kept) return http::problem(kept.error());
  return http::created(path_of_buddy(*owner, buddy.uri), to_json(kept->entry));
}

Response put(const Services& services, const Request& request) {
  http::Fields fields(request.body);
  Buddy buddy = texts_in(fields);
  if (const auto problem = fields.finish()) return http::problem(*problem);
  const auto place = place_in(services, request);
  if (!place) return http::problem(place.error());
  if (!place->is_person) return http::problem(missing(*place));
  buddy.uri = place->uri;
  const auto kept = save(services, place->owner, buddy, true);
  if (!kept) return http::problem(kept.error());
  if (!kept->is_new) return http::ok(to_json(kept->entry));
  return http::created(path_of_buddy(place->owner, buddy.uri), to_json(kept->entry));
}

Response remove(const Services& services, const Request& request) {
  const auto place = place_in(services, request);
  if (!place) return http::problem(place.error());
  const auto removed = services.documents.edit(
      place->owner, std::string(xdm::buddies_path),
      [&](const Document& current) -> base::Result<std::optional<std::string>> {
        if (!find(entries_of(services, current), place->uri)) return missing(*place);
        auto changed = xdm::without_buddy(current->body, place->uri, services.documents.xcap_limits());
        if (!changed) return changed.error();
        return std::optional<std::string>(std::move(*changed));
      });
  if (!removed) return http::problem(removed.error());
  return http::no_content();
}

}  // namespace rollcall::admin::buddies
