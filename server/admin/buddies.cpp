// SPDX-License-Identifier: Apache-2.0
#include "lists.hpp"
#include "parameters.hpp"
#include "reading.hpp"
#include "resources.hpp"

#include <optional>

#include <rollcall/base/clock.hpp>
#include <rollcall/http/fields.hpp>
#include <rollcall/http/problem.hpp>
#include <rollcall/http/text.hpp>

namespace rollcall::admin::buddies {

namespace {

using http::Request;
using http::Response;
using Found = std::optional<model::Buddy>;

http::json::Object to_json(const model::Buddy& buddy) {
  return {{"uri", buddy.uri},
          {"display_name", buddy.display_name},
          {"group", buddy.group},
          {"created", base::to_rfc3339(buddy.created)},
          {"updated", base::to_rfc3339(buddy.updated)}};
}

std::string path_of_buddy(const sip::Aor& owner, const model::Buddy& buddy) {
  return path_of(owner) + "/buddies/" + http::percent_encode(buddy.uri);
}

/// The form in which a list keeps a URI, whatever was added to it: "sip:user@domain".
base::Result<std::string> kept_uri(const std::string& text) {
  const auto uri = sip::Uri::parse(text);
  const auto whom = uri ? sip::Aor::from(*uri) : base::Result<sip::Aor>(uri.error());
  if (!whom) return base::malformed("uri: not the SIP URI of a person");
  return whom->uri();
}

std::string fault_in_uri(const std::string& text) {
  return kept_uri(text) ? "" : "not the SIP URI of a person";
}

/// An entry as the address names it: whose, which, and what is there now.
struct Place {
  sip::Aor owner;
  std::string uri;
  Found there;
};

base::Result<Place> look(const Services& services, const sip::Aor& owner, const std::string& text) {
  auto uri = kept_uri(text);
  if (!uri) return uri.error();
  if (const auto user = services.accounts.user(owner); !user) return user.error();
  auto there = read<Found>(
      services.readers, [owner, uri = *uri](engine::Queries& queries) { return queries.buddy(owner, uri); });
  if (!there) return there.error();
  return Place{owner, *uri, std::move(*there)};
}

base::Result<Place> place_in(const Services& services, const Request& request) {
  const auto owner = aor_in(request);
  if (!owner) return owner.error();
  return look(services, *owner, request.parameter("uri"));
}

base::Error missing(const Place& place) {
  return base::not_found(place.uri + " is not on the list of " + place.owner.text());
}

/// Limits::buddies_per_user holds for what is added.
base::Result<model::Buddy> save(const Services& services, const Place& place, model::Buddy buddy) {
  buddy.uri = place.uri;
  if (place.there) {
    buddy.created = place.there->created;
    return services.accounts.save_buddy(place.owner, std::move(buddy), true);
  }
  const auto count = read<std::int64_t>(services.readers, [owner = place.owner](engine::Queries& queries) {
    return queries.buddy_count(owner);
  });
  if (!count) return count.error();
  if (*count >= services.limits.buddies_per_user)
    return base::Error{base::ErrorCode::conflict, "the list of " + place.owner.text() + " is full"};
  return services.accounts.save_buddy(place.owner, std::move(buddy), false);
}

model::Buddy texts_in(http::Fields& fields) {
  model::Buddy buddy;
  buddy.display_name = fields.optional_text("display_name", accounts::fault_in_label).value_or("");
  buddy.group = fields.optional_text("group", accounts::fault_in_label).value_or("");
  return buddy;
}

}  // namespace

Response list(const Services& services, const Request& request) {
  const auto wanted = page_in(request);
  if (!wanted) return http::problem(wanted.error());
  const auto owner = user_in(services, request);
  if (!owner) return http::problem(owner.error());
  const auto page = read<engine::Page<model::Buddy>>(
      services.readers, [owner = *owner, wanted = *wanted](engine::Queries& queries) {
        return queries.buddies(owner, wanted);
      });
  if (!page) return http::problem(page.error());
  return http::ok(json_of(*page, to_json));
}

Response get(const Services& services, const Request& request) {
  const auto place = place_in(services, request);
  if (!place) return http::problem(place.error());
  if (!place->there) return http::problem(missing(*place));
  return http::ok(to_json(*place->there));
}

Response create(const Services& services, const Request& request) {
  const auto owner = aor_in(request);
  if (!owner) return http::problem(owner.error());
  http::Fields fields(request.body);
  const std::string uri = fields.text("uri", fault_in_uri);
  model::Buddy buddy = texts_in(fields);
  if (const auto problem = fields.finish()) return http::problem(*problem);
  const auto place = look(services, *owner, uri);
  if (!place) return http::problem(place.error());
  if (place->there)
    return http::problem(base::Error{base::ErrorCode::conflict, place->uri + " is on the list already"});
  const auto kept = save(services, *place, std::move(buddy));
  if (!kept) return http::problem(kept.error());
  return http::created(path_of_buddy(*owner, *kept), to_json(*kept));
}

Response put(const Services& services, const Request& request) {
  http::Fields fields(request.body);
  model::Buddy buddy = texts_in(fields);
  if (const auto problem = fields.finish()) return http::problem(*problem);
  const auto place = place_in(services, request);
  if (!place) return http::problem(place.error());
  const auto kept = save(services, *place, std::move(buddy));
  if (!kept) return http::problem(kept.error());
  if (place->there) return http::ok(to_json(*kept));
  return http::created(path_of_buddy(place->owner, *kept), to_json(*kept));
}

Response remove(const Services& services, const Request& request) {
  const auto place = place_in(services, request);
  if (!place) return http::problem(place.error());
  if (!place->there) return http::problem(missing(*place));
  const auto removed = services.accounts.remove_buddy(place->owner, place->uri);
  if (!removed) return http::problem(removed.error());
  return http::no_content();
}

}  // namespace rollcall::admin::buddies
