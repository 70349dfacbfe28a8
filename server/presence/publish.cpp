// SPDX-License-Identifier: Apache-2.0
#include "publish.hpp"

#include "document.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include <rollcall/base/ids.hpp>
#include <rollcall/bodies/dialog_info.hpp>
#include <rollcall/presence/packages.hpp>
#include <rollcall/sip/headers/event.hpp>
#include <rollcall/sip/headers/media_type.hpp>
#include <rollcall/xml/pidf.hpp>

#include <fmt/format.h>

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

// "" for none.
std::string fault_in(Topic topic, std::string_view body, const base::Limits& limits) {
  if (topic == Topic::presence) {
    const auto document = xml::PidfDocument::parse(body, limits);
    return document ? "" : document.error().detail;
  }
  const auto document = bodies::DialogInfo::parse(body, limits);
  return document ? "" : document.error().detail;
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
  const std::string fault = fault_in(draft.package->topic, message.body(), limits);
  if (!fault.empty()) return sip::Reply(400, "Bad Request: " + fault);
  return std::nullopt;
}

bool is_of_presence(const Publication& publication) {
  return sip::equal_ignoring_case(publication.event, package_of(Topic::presence).name);
}

// Without what clients make anew each time.
xml::PidfDocument without_ids(std::string_view body, const base::Limits& limits) {
  auto parsed = xml::PidfDocument::parse(body, limits);
  if (!parsed) return {};
  xml::PidfDocument document = std::move(*parsed);
  const auto blank = [](auto& parts) {
    for (auto& part : parts) {
      part.id.clear();
      part.timestamp.clear();
    }
  };
  blank(document.tuples);
  blank(document.persons);
  blank(document.devices);
  return document;
}

bool says_the_same(const Publication& before, std::string_view body, const base::Limits& limits) {
  if (before.body == body) return true;
  return is_of_presence(before) && without_ids(before.body, limits) == without_ids(body, limits);
}

// A device that let its publication expire a moment ago continues it; without a device its content tells.
// When it says what it said before, nothing has happened that anybody is told of.
void continue_lapsed(Publication& publication, const std::vector<const Publication*>& lapsed,
                     const base::Limits& limits) {
  for (const Publication* before : lapsed) {
    if (before->event != publication.event || before->device != publication.device) continue;
    const bool same = says_the_same(*before, publication.body, limits);
    if (!same && publication.device.empty()) continue;
    publication.id = before->id;
    if (!same) return;
    publication.body = before->body;
    publication.published = before->published;
    return;
  }
}

// A document of dialogs may tell only what has changed (RFC 4235 §4.3). What has ended is told once more, and
// is not kept longer than that.
base::Text body_of(const Draft& draft, const base::Limits& limits) {
  if (!draft.existing || draft.package->topic != Topic::dialogs) return draft.message.body();
  const auto news = bodies::DialogInfo::parse(draft.message.body(), limits);
  auto known = bodies::DialogInfo::parse(draft.existing->body, limits);
  if (!news || !known || news->coverage == bodies::Coverage::full) return draft.message.body();
  const auto has_ended = [](const bodies::Dialog& dialog) {
    return dialog.state == bodies::DialogState::terminated;
  };
  std::erase_if(known->dialogs, has_ended);
  bodies::merge(known->dialogs, *news);
  std::copy_if(news->dialogs.begin(), news->dialogs.end(), std::back_inserter(known->dialogs), has_ended);
  return bodies::write(*known);
}

// Some clients send the whole document with each refresh: then nothing new is published.
Publication publication_of(const Draft& draft, const base::Limits& limits, const sip::Aor& aor,
                           base::Text device, base::Instant now) {
  const Publication* before = draft.existing;
  Publication publication;
  publication.aor = aor;
  publication.id = before ? before->id : base::random_bits() >> 1;
  publication.event = draft.existing ? draft.existing->event : base::Text(draft.package->name);
  publication.entity_tag = base::random_hex(8);
  publication.device = std::move(device);
  publication.content_type = draft.package->media_type;
  publication.body = body_of(draft, limits);
  publication.published = before && before->body == publication.body ? before->published : now;
  publication.expires = now + std::chrono::seconds(draft.seconds);
  return publication;
}

// Past a limit, of their number or of the document that all of them come to, the publications that would
// expire first make room, as their devices are the likeliest to be gone. One that is too large alone is
// refused.
Refusal make_room(const Publication& publication, std::vector<const Publication*> others,
                  const base::Limits& limits, model::Changes& changes) {
  std::erase_if(others, [&](const Publication* other) { return other->id == publication.id; });
  std::sort(others.begin(), others.end(),
            [](const Publication* a, const Publication* b) { return a->expires > b->expires; });
  const auto together_too_large = [&] {
    std::vector<const Publication*> all = others;
    all.push_back(&publication);
    return is_of_presence(publication) && is_too_large(publication.aor, all, limits, publication.published);
  };
  while (others.size() >= static_cast<std::size_t>(limits.publications_per_user) || together_too_large()) {
    if (others.empty())
      return sip::Reply(413, fmt::format("Request Entity Too Large: what is shown holds at most {} bytes",
                                         most_document_bytes));
    changes.emplace_back(model::RemovePublication{publication.aor, others.back()->id});
    others.pop_back();
  }
  return std::nullopt;
}

// RFC 3903 §6 step 6: each success has a new entity-tag, and says how long it lasts.
sip::Reply success(std::string entity_tag, std::int64_t seconds) {
  return sip::Reply(200)
      .with(Header::sip_etag, std::move(entity_tag))
      .with(Header::expires, std::to_string(seconds));
}

engine::Outcome refresh(const Draft& draft, base::Instant now) {
  model::RefreshPublication change{draft.existing->aor, draft.existing->id, base::random_hex(8),
                                   now + std::chrono::seconds(draft.seconds)};
  engine::Outcome outcome(success(change.entity_tag.str(), draft.seconds));
  outcome.changes.emplace_back(std::move(change));
  return outcome;
}

}  // namespace

engine::Outcome decide_publish(const engine::Request& request, const sip::Aor& aor,
                               const CurrentPublications& current, base::Text device,
                               const base::Limits& limits, base::Instant now) {
  Draft draft{*request.message};
  if (auto refusal = check_event(draft)) return *refusal;
  if (auto refusal = check_precondition(draft, current.live)) return *refusal;
  if (auto refusal = choose_expires(draft, limits)) return *refusal;
  const bool removes = draft.seconds == 0 && draft.existing;
  if (!removes)
    if (auto refusal = read_body(draft, limits)) return *refusal;

  if (draft.seconds == 0) {
    engine::Outcome outcome(success(base::random_hex(8), 0));
    if (draft.existing) outcome.changes.emplace_back(model::RemovePublication{aor, draft.existing->id});
    return outcome;
  }
  if (draft.message.body().empty()) return refresh(draft, now);
  Publication publication = publication_of(draft, limits, aor, std::move(device), now);
  if (!draft.existing) continue_lapsed(publication, current.lapsed, limits);
  engine::Outcome outcome(success(publication.entity_tag.str(), draft.seconds));
  if (auto refusal = make_room(publication, current.live, limits, outcome.changes)) return *refusal;
  outcome.changes.emplace_back(model::SavePublication{std::move(publication)});
  return outcome;
}

}  // namespace rollcall::presence
