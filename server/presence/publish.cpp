// SPDX-License-Identifier: Apache-2.0
#include "publish.hpp"

#include <algorithm>
#include <optional>

#include <rollcall/base/ids.hpp>
#include <rollcall/presence/packages.hpp>
#include <rollcall/sip/headers/event.hpp>
#include <rollcall/sip/headers/media_type.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::presence {

namespace {

using model::Publication;
using sip::Header;

// Each check leaves its finding here, or stops with a refusal.
struct Draft {
  const sip::Message& message;
  const Package* package = nullptr;
  const Publication* existing = nullptr;
  std::int64_t seconds = 0;
};
using Refusal = std::optional<sip::Reply>;

// RFC 3903 §6 step 2.
Refusal check_event(Draft& draft) {
  const auto event = sip::Event::parse(draft.message.first(Header::event).value_or(""));
  if (event) draft.package = find_package(event->package);
  if (draft.package && draft.package->may_publish) return std::nullopt;
  return sip::Reply(489).with(Header::allow_events, allow_events());
}

// RFC 3903 §6 step 3. The entity-tag means something within this user and package only.
Refusal check_precondition(Draft& draft, const std::vector<const Publication*>& current) {
  const auto tag = draft.message.first(Header::sip_if_match);
  if (!tag) return std::nullopt;
  if (tag->empty() || tag->find_first_of(" \t,;\"") != std::string_view::npos)
    return sip::Reply(400, "Bad Request: SIP-If-Match is no single entity-tag");
  for (const Publication* publication : current)
    if (publication->entity_tag == *tag && sip::equal_ignoring_case(publication->event, draft.package->name))
      draft.existing = publication;
  return draft.existing ? std::nullopt : Refusal(sip::Reply(412));
}

// RFC 3903 §6 step 4. An Expires that is no number is malformed.
Refusal choose_expires(Draft& draft, const base::Limits& limits) {
  draft.seconds = limits.publish_default_seconds;
  if (const auto header = draft.message.first(Header::expires)) {
    const auto seconds = sip::parse_number(*header);
    if (!seconds) return sip::Reply(400, "Bad Request: Expires is no number");
    draft.seconds = *seconds;
  }
  if (draft.seconds > 0 && draft.seconds < limits.publish_min_seconds)
    return sip::Reply(423).with(Header::min_expires, std::to_string(limits.publish_min_seconds));
  draft.seconds = std::min<std::int64_t>(draft.seconds, limits.publish_max_seconds);
  return std::nullopt;
}

// RFC 3903 §6 step 5.
Refusal read_body(const Draft& draft, const base::Limits& limits) {
  const sip::Message& message = draft.message;
  if (message.body().empty()) {
    if (draft.existing) return std::nullopt;
    return sip::Reply(400, "Bad Request: nothing to refresh, and no body to publish");
  }
  if (const auto encoding = message.first(Header::content_encoding);
      encoding && !sip::equal_ignoring_case(*encoding, "identity"))
    return sip::Reply(415).with(Header::accept_encoding, "identity");
  const auto type = sip::MediaType::parse(message.first(Header::content_type).value_or(""));
  if (!type || !type->is(draft.package->media_type))
    return sip::Reply(415).with(Header::accept, std::string(draft.package->media_type));
  const auto document = xml::PidfDocument::parse(message.body(), limits);
  if (!document) return sip::Reply(400, "Bad Request: " + document.error().detail);
  return std::nullopt;
}

Publication publication_of(const Draft& draft, const sip::Aor& aor, std::string device, base::Instant now) {
  Publication publication;
  if (draft.existing) publication = *draft.existing;
  if (!draft.existing) {
    publication.aor = aor;
    publication.id = base::random_bits() >> 1;
    publication.event = draft.package->name;
  }
  if (!draft.message.body().empty()) {
    publication.content_type = draft.package->media_type;
    publication.body = draft.message.body();
    publication.published = now;
    publication.device = std::move(device);
  }
  publication.entity_tag = base::random_hex(8);
  publication.expires = now + std::chrono::seconds(draft.seconds);
  return publication;
}

// Past the limit the publication that would expire first makes room, as its device is the likeliest
// to be gone.
void make_room(const Draft& draft, const std::vector<const Publication*>& current, const base::Limits& limits,
               model::Changes& changes) {
  if (draft.existing || current.size() < static_cast<std::size_t>(limits.publications_per_user)) return;
  const auto first =
      std::min_element(current.begin(), current.end(),
                       [](const Publication* a, const Publication* b) { return a->expires < b->expires; });
  changes.emplace_back(model::RemovePublication{(*first)->aor, (*first)->id});
}

// RFC 3903 §6 step 6: each success has a new entity-tag, and says how long it lasts.
sip::Reply success(std::string entity_tag, std::int64_t seconds) {
  return sip::Reply(200)
      .with(Header::sip_etag, std::move(entity_tag))
      .with(Header::expires, std::to_string(seconds));
}

}  // namespace

engine::Outcome decide_publish(const engine::Request& request, const sip::Aor& aor,
                               const std::vector<const Publication*>& current, std::string device,
                               const base::Limits& limits, base::Instant now) {
  Draft draft{*request.message};
  if (auto refusal = check_event(draft)) return *refusal;
  if (auto refusal = check_precondition(draft, current)) return *refusal;
  if (auto refusal = choose_expires(draft, limits)) return *refusal;
  const bool removes = draft.seconds == 0 && draft.existing;
  if (!removes)
    if (auto refusal = read_body(draft, limits)) return *refusal;

  if (draft.seconds == 0) {
    engine::Outcome outcome(success(base::random_hex(8), 0));
    if (draft.existing) outcome.changes.emplace_back(model::RemovePublication{aor, draft.existing->id});
    return outcome;
  }
  Publication publication = publication_of(draft, aor, std::move(device), now);
  engine::Outcome outcome(success(publication.entity_tag, draft.seconds));
  make_room(draft, current, limits, outcome.changes);
  outcome.changes.emplace_back(model::SavePublication{std::move(publication)});
  return outcome;
}

}  // namespace rollcall::presence
